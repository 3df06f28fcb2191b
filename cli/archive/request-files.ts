import { readFile } from "node:fs/promises";
import path from "node:path";
import { systemCode } from "../../providers/support/system-code.ts";
import { type EntryText, readEntries } from "./entry-lines.ts";

/** A file of requests as it is on the disk; bytes and text never part from one another. */
export interface RequestFile {
  /** Relative to its folder, with `/`. */
  readonly name: string;
  readonly bytes: Buffer;
  /** Without a byte order mark. */
  readonly text: string;
  readonly mark: string;
  /** Null for a text that is no list of requests. */
  readonly entries: readonly EntryText[] | null;
}

/** Null where no such file is. */
export async function readRequestFile(folder: string, name: string): Promise<RequestFile | null> {
  const bytes = await readOrNull(path.join(folder, name));
  if (bytes === null) return null;
  const whole = bytes.toString("utf8");
  const mark = whole.startsWith("\uFEFF") ? "\uFEFF" : "";
  const text = whole.slice(mark.length);
  return { name, bytes, text, mark, entries: readEntries(text) };
}

/** Null where nothing is there. */
export async function readOrNull(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return null;
    throw error;
  }
}

/** The list that an entry of a file names, relative to the folder of requests, with `/`. */
export function listFile({ name }: Pick<RequestFile, "name">, { devicesFrom }: Pick<EntryText, "devicesFrom">): string | null {
  return devicesFrom === null ? null : path.posix.join(path.posix.dirname(name), devicesFrom);
}
