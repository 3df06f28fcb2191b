import { PulumiProject } from "../test/support/pulumi-project.ts";
import { engineSteps, graphOf, SETTINGS, settingsFor, stageOf, writeRequests } from "./engine-stage.ts";
import { fabricatePast } from "./fabricate-past.ts";
import { type Conditions, type Contender, requireEnd, type Stage } from "./operations.ts";

/** Requests of the past that stay in the files, with `shelve` set: `up` moves all of them. */
export function shelvedPast(): Contender {
  const open = async (conditions: Conditions): Promise<Stage> => {
    const emulator = await graphOf({ ...conditions, size: 1 });
    const config = { graphEndpoint: emulator.url, ...settingsFor(conditions.size), shelve: "0d" };
    const project = await PulumiProject.create(config);
    const run = (args: readonly string[]) => project.run(args, { ...SETTINGS, NODE_OPTIONS: project.nodeOptions });
    await writeRequests(project, 1, "unlock-and-wipe");
    requireEnd(await run(["up", "--yes", "--skip-preview"]), "the request that the past is made of");
    await writeRequests(project, conditions.size, "unlock-and-wipe");
    await fabricatePast(project, conditions.size);
    const { refresh: _, ...steps } = engineSteps(run);
    return stageOf({ emulator, project }, steps);
  };
  return { name: "shelved", about: "our program, requests that ended over 24 months, with `shelve`", open };
}
