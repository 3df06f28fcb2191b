import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import type { BrakeRecord } from "../domain/ledger-record.ts";
import { brakeReason, formatBrake, parseBrakes } from "./brake-lines.ts";
import { ledgerFailure, systemCode } from "./ledger-failure.ts";
import { isWorldWritable, syncFolder } from "./ledger-folder.ts";
import { OPEN_SAFELY } from "./ledger-view.ts";

/** The brake has a file of its own beside the ledger, so that it can be set while a run holds the ledger's lock. */
export async function readBrake(path: string): Promise<string | null> {
  const text = await readText(path);
  if (text === null) return null;
  if (text.unreadable !== undefined) return `the brake ${path} cannot be read (${text.unreadable}), which counts as set`;
  return brakeReason(text.content, path);
}

/** Every change that can be read, oldest first. */
export async function readBrakes(path: string): Promise<readonly BrakeRecord[]> {
  const text = await readText(path);
  return text === null || text.unreadable !== undefined ? [] : parseBrakes(text.content);
}

/** Durable when it returns. */
export async function writeBrake(path: string, record: BrakeRecord): Promise<void> {
  try {
    const handle = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600);
    try {
      await handle.appendFile(formatBrake(record));
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await syncFolder(dirname(path));
  } catch (error) {
    throw ledgerFailure(error, "set the brake", path);
  }
}

type Text = { readonly content: string; readonly unreadable?: undefined } | { readonly unreadable: string };

async function readText(path: string): Promise<Text | null> {
  try {
    const handle = await open(path, constants.O_RDONLY | OPEN_SAFELY);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return { unreadable: "it is not a regular file" };
      if (isWorldWritable(stats)) return { unreadable: "everybody may write to it" };
      return { content: await handle.readFile("utf8") };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemCode(error);
    return code === "ENOENT" ? null : { unreadable: code ?? "unknown error" };
  }
}
