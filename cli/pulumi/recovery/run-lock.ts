import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { isObject, parseJson } from "../../../providers/domain/json.ts";
import { systemCode } from "../../../providers/support/system-code.ts";
import { namesIn } from "./state-file.ts";
import type { StackPlace } from "./state-folder.ts";

/** Pulumi's note that a run holds a stack; one file each, of a random name. */
export interface RunLock {
  readonly file: string;
  /** Null where the file does not say it in the form that we know. */
  readonly holder: Holder | null;
}

/** The run that made the lock, as Pulumi wrote it down; none of it is checked yet. */
export interface Holder {
  readonly pid: number;
  readonly user: string;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

/** The locks of a stack in a file backend's folder. */
export async function readRunLocks(stateFolder: string, { project, name }: StackPlace): Promise<readonly RunLock[]> {
  const folder = path.join(stateFolder, ".pulumi", "locks", "organization", project, name);
  const files = (await namesIn(folder)).filter((file) => file.endsWith(".json")).map((file) => path.join(folder, file));
  const locks = await Promise.all(files.map(readLock));
  return locks.filter((lock) => lock !== null);
}

/** This one lock alone, whatever others there are by now: its name is its run's own. */
export async function removeRunLock(lock: RunLock): Promise<void> {
  for (const file of [lock.file, `${lock.file}.attrs`]) await rm(file, { force: true });
}

/** Null when its run has ended since the folder was listed. */
async function readLock(file: string): Promise<RunLock | null> {
  try {
    return { file, holder: holderIn(await readFile(file, "utf8")) };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
}

function holderIn(text: string): Holder | null {
  const content = parseJson(text);
  if (!isObject(content)) return null;
  const { pid, username, hostname, timestamp } = content;
  if (!Number.isSafeInteger(pid) || Number(pid) <= 0 || typeof hostname !== "string" || typeof timestamp !== "string") return null;
  return { pid: Number(pid), user: typeof username === "string" ? username : "somebody", host: hostname, since: timestamp };
}
