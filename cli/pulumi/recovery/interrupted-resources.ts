import { isObject } from "../../../providers/domain/json.ts";
import { stateContents } from "./state-contents.ts";
import type { StackPlace } from "./state-folder.ts";

/**
 * Names of the resources that a run was busy with when it last wrote a stack's state: empty after a
 * run that ended. A state that cannot be read here counts as without: Pulumi says what is wrong
 * with it.
 */
export async function interruptedResources(stateFolder: string, place: StackPlace): Promise<readonly string[]> {
  const contents = await stateContents(stateFolder, place);
  return contents?.pending.map(({ resource }) => nameOf(isObject(resource) ? resource.urn : undefined)) ?? [];
}

function nameOf(urn: unknown): string {
  return typeof urn === "string" ? urn.slice(urn.lastIndexOf("::") + 2) : "a resource";
}
