import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { jwt } from "../test/graph/graph-fixture.ts";
import { PulumiProject } from "../test/support/pulumi-project.ts";
import { engineSteps, graphOf, SETTINGS, settingsFor, stageOf, writeRequests } from "./engine-stage.ts";
import { type Conditions, type Contender, requireEnd, type Stage } from "./operations.ts";

const STAND_IN = new URL("../test/support/graph-stand-in.ts", import.meta.url).href;
const PERMISSIONS = ["Read", "ReadWrite", "PrivilegedOperations"].map((one) => `DeviceManagementManagedDevices.${one}.All`);

/**
 * Escrow-only as a run against Microsoft sees itself: Graph has its own name and is diverted to the
 * emulator, so that no guard is exempt, and the run reads its own state.
 */
export function realPath(): Contender {
  const open = async (conditions: Conditions): Promise<Stage> => {
    const emulator = await graphOf(conditions);
    const project = await PulumiProject.create(settingsFor(conditions.size));
    await writeRequests(project, conditions.size, "escrow-only");
    await makeReader(path.join(project.folder, "escrow"));
    const env = {
      ...SETTINGS,
      NODE_OPTIONS: `${project.nodeOptions} --import=${STAND_IN}`,
      GRAPH_STAND_IN: emulator.url,
      GRAPH_ACCESS_TOKEN: jwt({ aud: "https://graph.microsoft.com", roles: PERMISSIONS }),
    };
    const made = await project.command("ledger", ["init", "--ledger", `file:${path.join(project.folder, "ledger")}`]);
    requireEnd(made, "ledger init");
    return stageOf(
      { emulator, project },
      engineSteps((args) => project.run(args, env)),
    );
  };
  return { name: "real-path", about: "our program, escrow-only, as against Microsoft: no guard is exempt", open };
}

/** An escrow folder whose one reader counts as proven. */
async function makeReader(folder: string): Promise<void> {
  const recipient = await identityToRecipient(await generateX25519Identity());
  await mkdir(folder, { mode: 0o700 });
  await writeFile(path.join(folder, "recipients.txt"), `${recipient}\n`);
  await writeFile(path.join(folder, "confirmed.json"), JSON.stringify([{ recipient, at: new Date().toISOString(), who: "bench" }]));
}
