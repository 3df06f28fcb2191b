import { constants } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isObject } from "../domain/json.ts";
import type { BrakeRecord } from "../domain/ledger-record.ts";
import { ledgerFailure, systemCode } from "./ledger-failure.ts";
import { syncFolder } from "./ledger-folder.ts";

/**
 * The brake has a file of its own beside the ledger, so that it can be set while a run holds the ledger's lock. One line per
 * change; the last one counts. A last line that cannot be read counts as a brake that is set.
 */
export async function readBrake(path: string): Promise<string | null> {
  const text = await readText(path);
  if (text === null) return null;
  if (text.unreadable !== undefined) return `the brake ${path} cannot be read (${text.unreadable}), which counts as set`;
  const record = parseBrake(lastLine(text.content));
  if (record === null) return `the brake ${path} is damaged, which counts as set`;
  return record.state === "resume" ? null : `${record.reason} (set by ${record.who} at ${record.at})`;
}

/** Every change that can be read, oldest first. */
export async function readBrakes(path: string): Promise<readonly BrakeRecord[]> {
  const text = await readText(path);
  const lines = text === null || text.unreadable !== undefined ? [] : text.content.split("\n");
  return lines.map(parseBrake).filter((record) => record !== null);
}

/** Durable when it returns. The leading newline ends a line that a crash may have left torn. */
export async function writeBrake(path: string, record: BrakeRecord): Promise<void> {
  try {
    const handle = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600);
    try {
      await handle.appendFile(`\n${JSON.stringify(record)}\n`);
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
    return { content: await readFile(path, "utf8") };
  } catch (error) {
    const code = systemCode(error);
    return code === "ENOENT" ? null : { unreadable: code ?? "unknown error" };
  }
}

function lastLine(content: string): string {
  return content.trimEnd().split("\n").at(-1) ?? "";
}

function parseBrake(line: string): BrakeRecord | null {
  try {
    const record: unknown = JSON.parse(line);
    return isObject(record) && (record.state === "stop" || record.state === "resume") ? (record as unknown as BrakeRecord) : null;
  } catch {
    return null;
  }
}
