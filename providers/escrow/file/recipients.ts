import { dirname, join } from "node:path";
import { EscrowError } from "../../domain/errors.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import { lstatOrNull, readTextOrNull, refuseWorldWritable } from "../escrow-folder.ts";
import type { Recipient } from "../escrow-store.ts";
import { looksLikeUtf16, recipientHint } from "./explain-key.ts";

/** The public keys that secrets are encrypted to, one a line; meant to be committed. */
export function recipientsPath(folder: string): string {
  return join(folder, "recipients.txt");
}

/** The command that makes a folder usable, for error texts. */
export function addRecipientCommand(folder: string): string {
  return recipientsCommand("add age1…", folder);
}

/** A command about the recipients of one folder, as a person would type it. */
export function recipientsCommand(name: string, folder: string, ...words: readonly string[]): string {
  return dlrCommand(`recipients ${name}`, undefined, [...words, "--escrow", `file:${folder}`]);
}

/**
 * The recipients of a folder, each once; empty when there is no list. Throws `EscrowError` for a
 * line that is no recipient.
 */
export async function readRecipients(folder: string): Promise<readonly Recipient[]> {
  const path = recipientsPath(folder);
  const stats = await lstatOrNull(path);
  if (stats?.isFile()) refuseWorldWritable(stats, path, "600");
  const text = await readTextOrNull(path);
  return text === null ? [] : parseRecipients(text, path);
}

/** One `age1…` a line; `#` begins a comment. */
export async function parseRecipients(text: string, path: string): Promise<readonly Recipient[]> {
  const recipients = new Map<string, Recipient>();
  let comment = "";
  if (looksLikeUtf16(text)) throw new EscrowError(`${path}:1: this is not an age recipient`, { hint: recipientHint(text) });
  for (const [index, raw] of text.split("\n").entries()) {
    const content = raw.trim();
    if (content.startsWith("#")) comment = content.replace(/^#+\s*/, "");
    if (content === "" || content.startsWith("#")) continue;
    const line = index + 1;
    if (!(await isRecipient(content))) {
      const hint = `${recipientHint(content)}; \`${addRecipientCommand(dirname(path))}\` adds one`;
      throw new EscrowError(`${path}:${line}: this is not an age recipient`, { hint });
    }
    if (!recipients.has(content)) recipients.set(content, { key: content, line, comment });
    comment = "";
  }
  return [...recipients.values()];
}

/**
 * True for a public key that secrets can be encrypted to: its checksum is right and its kind is
 * known.
 */
export async function isRecipient(text: string): Promise<boolean> {
  const { Encrypter } = await import("age-encryption");
  if (!/^age1[0-9a-z]+$/.test(text)) return false;
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

/** A list with one more recipient, its name in a comment above. */
export function withRecipient(text: string, key: string, comment: string): string {
  const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  return `${before}# ${comment.replaceAll(/\p{Cc}+/gu, " ")}\n${key}\n`;
}

/** A list without one recipient and the comment right above it. */
export function withoutRecipient(text: string, key: string): string {
  const lines = text.split("\n");
  const kept = lines.filter((line, index) => line.trim() !== key && !(line.trim().startsWith("#") && lines[index + 1]?.trim() === key));
  return kept.join("\n");
}
