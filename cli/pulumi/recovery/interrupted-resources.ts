import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { isObject, parseJson } from "../../../providers/domain/json.ts";
import { systemCode } from "../../../providers/support/system-code.ts";
import type { StackPlace } from "./run-lock.ts";

/**
 * Names of the resources that a run was busy with when it last wrote a stack's state: empty after a
 * run that ended. A state that cannot be read here counts as without: Pulumi says what is wrong
 * with it.
 */
export async function interruptedResources(stateFolder: string, place: StackPlace): Promise<readonly string[]> {
  const file = path.join(stateFolder, ".pulumi", "stacks", place.project, `${place.name}.json`);
  const text = (await textOf(file)) ?? (await textOf(`${file}.gz`));
  if (text === null) return [];
  const latest = at(at(parseJson(text), "checkpoint"), "latest");
  const operations = at(latest, "pending_operations");
  return Array.isArray(operations) ? operations.map((operation) => nameOf(at(at(operation, "resource"), "urn"))) : [];
}

async function textOf(file: string): Promise<string | null> {
  try {
    const bytes = await readFile(file);
    return (file.endsWith(".gz") ? await promisify(gunzip)(bytes) : bytes).toString("utf8");
  } catch (error) {
    if (systemCode(error) !== null) return null;
    throw error;
  }
}

function at(data: unknown, key: string): unknown {
  return isObject(data) ? data[key] : undefined;
}

function nameOf(urn: unknown): string {
  return typeof urn === "string" ? urn.slice(urn.lastIndexOf("::") + 2) : "a resource";
}
