import path from "node:path";
import { PulumiProject } from "../test/support/pulumi-project.ts";
import { engineSteps, SETTINGS } from "./engine-stage.ts";
import type { Conditions, Contender, Stage } from "./operations.ts";

/** The same engine and settings, with an empty dynamic resource in place of each request. */
export function bareEngine(): Contender {
  const open = async ({ size }: Conditions): Promise<Stage> => {
    const project = await PulumiProject.create({}, path.join(import.meta.dirname, "bare"));
    const env = { ...SETTINGS, BENCH_RESOURCES: String(size) };
    return {
      steps: engineSteps((args) => project.run(args, env)),
      graphCalls: () => 0,
      refused: () => 0,
      stateBytes: async () => null,
      close: () => project.remove(),
    };
  };
  return { name: "bare", about: "the same engine and settings, empty dynamic resources", open };
}
