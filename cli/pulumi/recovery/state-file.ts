import type { Stats } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { systemCode } from "../../../providers/support/system-code.ts";
import type { StackPlace } from "./state-folder.ts";

/** Endings of a stack's state, in the order in which Pulumi takes one of two of the same age. */
const ENDINGS = [".json", ".json.gz", ".json.zst"] as const;

/** A file, and when and what it was when somebody looked. */
export interface FoundFile {
  readonly file: string;
  readonly facts: Stats;
}

/** Where a file backend keeps the states of a project's stacks. */
export function stacksFolder(stateFolder: string, project: string): string {
  return path.join(stateFolder, ".pulumi", "stacks", project);
}

/** The files that may hold a stack's state, oldest first: Pulumi reads the last. */
export async function stateFiles(stateFolder: string, { project, name }: StackPlace): Promise<readonly FoundFile[]> {
  const files = ENDINGS.map((ending) => path.join(stacksFolder(stateFolder, project), `${name}${ending}`));
  const found = await Promise.all(files.map(lookFor));
  return found.filter((one) => one !== null).toSorted((a, b) => a.facts.mtimeMs - b.facts.mtimeMs);
}

/** Names of the stacks whose states are in the folder, as Pulumi lists them. */
export async function stacksIn(stateFolder: string, project: string): Promise<readonly string[]> {
  const names = (await namesIn(stacksFolder(stateFolder, project))).map((name) => /^(.+)\.json(\.gz|\.zst)?$/.exec(name)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** A file, whatever it is; null where there is none. */
export async function lookFor(file: string): Promise<FoundFile | null> {
  try {
    return { file, facts: await lstat(file) };
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** The bytes of a file; null where there is none, or none that may be read. */
export async function bytesOf(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return null;
  }
}

/** Names in a folder; none where there is no folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "");
}
