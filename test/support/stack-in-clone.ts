import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import { SpawnedCommand } from "../cli/spawned-command.ts";
import { newcomer, projectCopy } from "./project-copy.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A clone with a stack of its own, made by `dlr init`, and these requests. */
export async function stackInClone(stack: string, requests: string, emulator: Pick<Emulator, "url">) {
  const clone = await projectCopy();
  const env = newcomer(await temporaryFolder());
  const dlrWith =
    (more: Readonly<Record<string, string>>) =>
    (...args: readonly string[]) =>
      new SpawnedCommand(args[0] ?? "", args.slice(1), { ...env, ...more }, { cwd: clone, root: clone }).ended;
  const dlr = dlrWith({});
  await writeFile(path.join(clone, "devices/requests/a.yaml"), requests);
  await dlr("init", stack, "--escrow", "file:escrow", "--ledger", "file:ledger", "--graph-endpoint", emulator.url);
  return { clone, env, dlr, dlrWith };
}
