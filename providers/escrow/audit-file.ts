import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { isObject, parseJson } from "../domain/json.ts";
import { syncFolder } from "../support/store-folder.ts";
import { escrowFailure } from "./escrow-failure.ts";
import { checkFolder, makeFolder, readTextOrNull } from "./escrow-folder.ts";

/** What was done with a secret: shown to its reader, or encrypted for others. */
export type AuditAction = "reveal" | "share";

/** Who was shown which secret, or encrypted it for others, never the secret. */
export interface AuditLine {
  readonly at: string;
  readonly who: string;
  readonly action: AuditAction;
  readonly reference: string;
  readonly kind: string;
  readonly device: string;
  readonly requestKey: string;
}

/** Durable when it returns: nobody is shown a secret that leaves no line. */
export async function writeAuditLine(folder: string, root: string, line: AuditLine): Promise<void> {
  if ((await checkFolder(folder, root)) === "missing") await makeFolder(folder);
  const path = auditPath(folder);
  try {
    const handle = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600);
    try {
      await handle.appendFile(`${JSON.stringify(line)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncFolder(folder);
  } catch (error) {
    throw escrowFailure(error, "write the audit line to", path);
  }
}

/** What an audit file says, oldest first. */
export interface AuditFile {
  readonly file: string;
  /** False: nobody was shown anything here, or the file is elsewhere. */
  readonly isThere: boolean;
  readonly lines: readonly AuditLine[];
  /** Lines that are none: torn, or of another version. */
  readonly unreadable: number;
}

/** Some hundred thousand lines. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Throws `EscrowError` for a folder or a file that others could swap or fill. */
export async function readAuditFile(folder: string, root: string): Promise<AuditFile> {
  const file = auditPath(folder);
  const text = (await checkFolder(folder, root)) === "missing" ? null : await readTextOrNull(file, MOST_BYTES);
  const all = (text ?? "").split("\n").filter((line) => line.trim() !== "");
  const lines = all.map(parseJson).filter(isAuditLine);
  return { file, isThere: text !== null, lines, unreadable: all.length - lines.length };
}

function isAuditLine(data: unknown): data is AuditLine {
  if (!isObject(data)) return false;
  const texts = [data.at, data.who, data.reference, data.kind, data.device, data.requestKey];
  const isKnown = data.action === "reveal" || data.action === "share";
  return isKnown && texts.every((text) => typeof text === "string") && !Number.isNaN(Date.parse(String(data.at)));
}

function auditPath(folder: string): string {
  return join(folder, "audit.jsonl");
}
