import { isObject, parseJson } from "../../../providers/domain/json.ts";
import { PROJECT } from "../../../providers/domain/project.ts";
import type { PulumiCommand } from "../ask-pulumi.ts";
import { judgeState, type Tear } from "./judge-state.ts";
import { bytesOf, type FoundFile, lookFor, stacksIn, stateFiles } from "./state-file.ts";
import { placeOf, type StackPlace, stateFolder } from "./state-folder.ts";

/**
 * What a crash left of a stack's state where Pulumi cannot read it. The state itself Pulumi puts in
 * place whole, but not through to the disk: it is torn when the power failed. Its note beside the
 * state (type and hash, `prod.json.attrs`) Pulumi writes in place: a killed run tears it, and the
 * state is whole.
 */
export interface TornState extends FoundFile {
  readonly place: StackPlace;
  /** Null where the state itself is whole. */
  readonly state: TornFile | null;
  readonly note: TornFile | null;
}

/** One file that cannot be read. */
export interface TornFile extends FoundFile {
  readonly how: Tear;
}

/** Null for a state that Pulumi can read, for one that no crash tore, and where there is none. */
export async function tornState(folder: string, place: StackPlace): Promise<TornState | null> {
  const found = (await stateFiles(folder, place)).at(-1);
  if (found === undefined) return null;
  const [state, note] = await Promise.all([tornFile(found), lookFor(`${found.file}.attrs`).then((one) => one && tornNote(one))]);
  return state === null && note === null ? null : { ...found, place, state, note };
}

/** The same of the stack that a command is about. */
export async function tornStateOf(stack: string, pulumi: Pick<PulumiCommand, "env" | "root">): Promise<TornState | null> {
  const folder = stateFolder(pulumi);
  return folder === null ? null : await tornState(folder, placeOf(stack));
}

/** Names of the project's stacks whose states are torn: one keeps Pulumi from listing any. */
export async function tornStacks(pulumi: Pick<PulumiCommand, "env" | "root">): Promise<readonly string[]> {
  const folder = stateFolder(pulumi);
  if (folder === null) return [];
  const names = await stacksIn(folder, PROJECT);
  const states = await Promise.all(names.map((name) => tornState(folder, { project: PROJECT, name })));
  return names.filter((_, place) => states[place] !== null);
}

async function tornFile(found: FoundFile): Promise<TornFile | null> {
  const bytes = await bytesOf(found.file);
  const verdict = bytes === null ? null : judgeState(bytes);
  return verdict?.kind === "torn" ? { ...found, how: verdict.how } : null;
}

/** Nothing in the note is needed: whatever Pulumi cannot read of it, a crash left. */
async function tornNote(found: FoundFile): Promise<TornFile | null> {
  const bytes = await bytesOf(found.file);
  if (bytes === null || isObject(parseJson(bytes.toString("utf8")))) return null;
  return { ...found, how: bytes.every((byte) => byte === 0) ? "is empty" : "breaks off" };
}
