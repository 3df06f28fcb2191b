import path from "node:path";
import { PulumiProject } from "../test/support/pulumi-project.ts";
import { engineSteps, graphOf, SETTINGS, settingsFor, stageOf, writeRequests } from "./engine-stage.ts";
import type { Mode } from "./fleet.ts";
import type { Conditions, Contender, Stage } from "./operations.ts";

/** Our program of the folder `root`, by Pulumi's own commands with the settings of `dlr up`. */
export function ourProgram(mode: Mode, root: string): Contender {
  const open = async (conditions: Conditions): Promise<Stage> => {
    const emulator = await graphOf(conditions);
    const project = await PulumiProject.create({ graphEndpoint: emulator.url, ...settingsFor(conditions.size) }, root);
    await writeRequests(project, conditions.size, mode);
    const nodeOptions = await nodeOptionsOf(root);
    const steps = engineSteps((args) => project.run(args, { ...SETTINGS, NODE_OPTIONS: nodeOptions }));
    return stageOf({ emulator, project }, mode === "unlock-and-wipe" ? withoutIdle(steps) : steps);
  };
  return { name: mode, about: `our program, ${mode}`, open };
}

/** How the commands of the folder `root` start Node, which may be another commit's. */
async function nodeOptionsOf(root: string): Promise<string> {
  const { loginEnvironment } = await import(path.join(root, "cli/pulumi/environment.ts"));
  return loginEnvironment({}, null, root).NODE_OPTIONS;
}

/**
 * A wiped device is gone when Graph has said so twice, half a minute apart: there is something to
 * do.
 */
function withoutIdle({ preview, up }: Stage["steps"]): Stage["steps"] {
  return { ...(preview && { preview }), ...(up && { up }) };
}

/** The commands that people use: what was reviewed is performed. */
export function ourCommands(): Contender {
  const open = async (conditions: Conditions): Promise<Stage> => {
    const emulator = await graphOf(conditions);
    const project = await PulumiProject.create({ graphEndpoint: emulator.url, ...settingsFor(conditions.size) });
    await writeRequests(project, conditions.size, "escrow-only");
    const review = path.join(project.folder, "review.json");
    return stageOf(
      { emulator, project },
      {
        validate: () => project.command("validate", [path.join(project.folder, "requests")]),
        fastPreview: () => project.npmRun("preview", ["--fast"]),
        preview: () => project.npmRun("preview", ["--save-review", review]),
        up: () => project.npmRun("up", ["--yes", "--skip-preview", "--reviewed", review]),
      },
    );
  };
  return { name: "dlr", about: "our commands, escrow-only: `dlr preview --save-review`, `dlr up --reviewed`", open };
}
