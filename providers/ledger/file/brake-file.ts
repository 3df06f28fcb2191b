import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import type { BrakeRecord } from "../../domain/ledger-record.ts";
import { isWorldWritable, OPEN_SAFELY, syncFolder } from "../../support/store-folder.ts";
import { systemCode } from "../../support/system-code.ts";
import { parseBrakes } from "../brake-lines.ts";
import { linesFor, type Stop, stopsIn, unreadableStop } from "../brake-stops.ts";
import { ledgerFailure } from "../ledger-failure.ts";

/**
 * The brake has a file of its own beside the ledger, so that it can be set while a run holds the
 * ledger's lock. Gives the stops in force; null where there is no brake: an empty file is what a
 * crash or somebody left of one.
 */
export async function readStops(path: string): Promise<readonly Stop[] | null> {
  const text = await readText(path);
  if (text === null) return null;
  return text.unreadable === undefined ? stopsIn(text.content, path) : [unreadableStop(path, text.unreadable)];
}

/** Every change that can be read, oldest first. */
export async function readBrakes(path: string): Promise<readonly BrakeRecord[]> {
  const text = await readText(path);
  return text?.unreadable === undefined ? parseBrakes(text?.content ?? "") : [];
}

/**
 * Durable when it returns. A stop is set even where the brake cannot be read: it is told by its
 * place then.
 */
export async function writeBrake(path: string, record: BrakeRecord): Promise<void> {
  const text = await readText(path);
  const lines = linesFor(text === null ? null : (text.content ?? ""), record);
  try {
    const handle = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600);
    try {
      await handle.appendFile(lines);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await syncFolder(dirname(path));
  } catch (error) {
    throw ledgerFailure(error, "set the brake", path);
  }
}

type Text = { readonly content: string; readonly unreadable?: undefined } | { readonly content?: undefined; readonly unreadable: string };

async function readText(path: string): Promise<Text | null> {
  try {
    const handle = await open(path, constants.O_RDONLY | OPEN_SAFELY);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return { unreadable: "it is not a regular file" };
      if (isWorldWritable(stats)) return { unreadable: "everybody may write to it" };
      const content = await handle.readFile("utf8");
      return content.trim() === "" ? null : { content };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemCode(error);
    return code === "ENOENT" ? null : { unreadable: code ?? "unknown error" };
  }
}
