import { isObject, type JsonObject } from "../../../providers/domain/json.ts";
import { judgeState } from "./judge-state.ts";
import { bytesOf, stateFiles } from "./state-file.ts";
import type { StackPlace } from "./state-folder.ts";

/** What a stack's state file holds, as far as we go by it. */
export interface StateContents {
  readonly resources: readonly JsonObject[];
  /** What the run that wrote it was busy with. */
  readonly pending: readonly JsonObject[];
  /**
   * Of the version that we know, and without a secret, which only Pulumi opens; in a state that is
   * compressed nobody looks for one.
   */
  readonly isPlain: boolean;
}

/** The format that Pulumi writes. */
const VERSION = 3;
/** The key by which Pulumi marks a value that is not plain. */
const SECRET = "4dabf18193072939515e22adb298388d";

const OPENING = "{".charCodeAt(0);

/**
 * Null where there is no state, or none that can be read here: Pulumi says what is wrong with it.
 */
export async function stateContents(stateFolder: string, place: StackPlace): Promise<StateContents | null> {
  const found = (await stateFiles(stateFolder, place)).at(-1);
  const bytes = found === undefined ? null : await bytesOf(found.file);
  const verdict = bytes === null ? null : judgeState(bytes);
  if (verdict?.kind !== "whole" || !isObject(verdict.data)) return null;
  const { latest = {} } = isObject(verdict.data.checkpoint) ? verdict.data.checkpoint : {};
  if (!isObject(latest)) return null;
  const isPlain = verdict.data.version === VERSION && bytes?.at(0) === OPENING && !bytes.includes(SECRET);
  return { resources: objectsIn(latest.resources), pending: objectsIn(latest.pending_operations), isPlain };
}

function objectsIn(list: unknown): readonly JsonObject[] {
  return Array.isArray(list) ? (list.filter(isObject) as readonly JsonObject[]) : [];
}
