import { isObject } from "../../../providers/domain/json.ts";
import { judgeState } from "./judge-state.ts";
import { bytesOf, stateFiles } from "./state-file.ts";
import type { StackPlace } from "./state-folder.ts";

/**
 * Names of the resources that a run was busy with when it last wrote a stack's state: empty after a
 * run that ended. A state that cannot be read here counts as without: Pulumi says what is wrong
 * with it.
 */
export async function interruptedResources(stateFolder: string, place: StackPlace): Promise<readonly string[]> {
  const found = (await stateFiles(stateFolder, place)).at(-1);
  const bytes = found === undefined ? null : await bytesOf(found.file);
  const verdict = bytes === null ? null : judgeState(bytes);
  if (verdict?.kind !== "whole") return [];
  const latest = at(at(verdict.data, "checkpoint"), "latest");
  const operations = at(latest, "pending_operations");
  return Array.isArray(operations) ? operations.map((operation) => nameOf(at(at(operation, "resource"), "urn"))) : [];
}

function at(data: unknown, key: string): unknown {
  return isObject(data) ? data[key] : undefined;
}

function nameOf(urn: unknown): string {
  return typeof urn === "string" ? urn.slice(urn.lastIndexOf("::") + 2) : "a resource";
}
