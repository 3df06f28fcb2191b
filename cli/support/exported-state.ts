import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { isObject, type JsonObject, parseJson } from "../../providers/domain/json.ts";
import { systemCode } from "../../providers/support/system-code.ts";
import { askPulumi, type PulumiCommand } from "../pulumi/ask-pulumi.ts";
import { stateContents } from "../pulumi/recovery/state-contents.ts";
import { placeOf, stateFolder } from "../pulumi/recovery/state-folder.ts";

/** Outputs of every resource in a stack's state; null where the state cannot be read whole. */
export async function exportedOutputs(pulumi: PulumiCommand, stack: string): Promise<readonly JsonObject[] | null> {
  const resources = await exportedResources(pulumi, stack);
  return resources?.flatMap(({ outputs }) => (isObject(outputs) ? [outputs as JsonObject] : [])) ?? null;
}

/**
 * Every resource in a stack's state; null where the state cannot be read whole. The file of a file
 * backend is read here, which spares a start of Pulumi; where it holds a secret, or what we do not
 * know, Pulumi is asked.
 */
export async function exportedResources(pulumi: PulumiCommand, stack: string): Promise<readonly JsonObject[] | null> {
  const states = stateFolder(pulumi);
  const contents = states === null ? null : await stateContents(states, placeOf(stack));
  if (contents?.isPlain) return contents.resources;
  const folder = await mkdtemp(path.join(tmpdir(), "device-lifecycle-state-"));
  try {
    const file = path.join(folder, "state.json");
    const result = await askPulumi(pulumi, ["stack", "export", "--stack", stack, "--file", file]);
    return result.kind === "exited" && result.code === 0 ? resourcesIn(await textOf(file)) : null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function resourcesIn(text: string): readonly JsonObject[] | null {
  const data = parseJson(text);
  if (!isObject(data) || !isObject(data.deployment)) return null;
  const resources = data.deployment.resources ?? [];
  if (!Array.isArray(resources)) return null;
  return resources.filter(isObject) as readonly JsonObject[];
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (systemCode(error) !== null) return "";
    throw error;
  }
}
