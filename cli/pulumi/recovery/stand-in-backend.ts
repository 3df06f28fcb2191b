import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { PulumiCommand } from "../ask-pulumi.ts";
import { stacksFolder } from "./state-file.ts";
import { placeOf } from "./state-folder.ts";

/**
 * Lets Pulumi answer what does not depend on a stack's state, while that cannot be read: with a
 * backend that holds an empty stack of the same name, and is gone afterwards.
 */
export async function withStandIn<T>(stack: string, pulumi: PulumiCommand, work: (pulumi: PulumiCommand) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "device-lifecycle-stand-in-"));
  try {
    const { project, name } = placeOf(stack);
    const stacks = stacksFolder(folder, project);
    await mkdir(stacks, { recursive: true });
    await writeFile(path.join(folder, ".pulumi", "meta.yaml"), "version: 1\n");
    const state = { version: 3, checkpoint: { stack: `organization/${project}/${name}` } };
    await writeFile(path.join(stacks, `${name}.json`), JSON.stringify(state));
    return await work({ ...pulumi, env: { ...pulumi.env, PULUMI_BACKEND_URL: pathToFileURL(folder).href } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
