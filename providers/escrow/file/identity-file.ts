import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { EscrowError } from "../../domain/errors.ts";
import { escrowFailure } from "../escrow-failure.ts";
import { lstatOrNull, readRegularFile, readTextOrNull } from "../escrow-folder.ts";
import { identityHint } from "./explain-key.ts";

const IDENTITY = /^AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+$/;

/** An identity file as `age-keygen` writes it: whoever holds it can read. */
export function renderIdentityFile(identity: string, recipient: string, comment: string): string {
  return `# ${comment}\n# public key: ${recipient}\n${identity}\n`;
}

/** The secret keys of a file; empty for a file that holds none. */
export function parseIdentities(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => IDENTITY.test(line));
}

/** The public keys that belong to secret ones, in their order. */
export async function recipientsOf(identities: readonly string[]): Promise<readonly string[]> {
  const { identityToRecipient } = await import("age-encryption");
  return await Promise.all(identities.map((identity) => identityToRecipient(identity)));
}

/** Throws `EscrowError` when the file is missing or holds no identity that can be used here. */
export async function readIdentities(path: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = (await readRegularFile(path)).toString("utf8");
  } catch (error) {
    throw escrowFailure(error, "read the identity file", path);
  }
  const identities = parseIdentities(text);
  if (identities.length > 0) return identities;
  throw new EscrowError(`${path} holds no identity (a line AGE-SECRET-KEY-1…)`, { hint: identityHint(text) });
}

const MAX_IDENTITY_BYTES = 64 * 1024;

/** Public keys whose identities lie in a folder, with the file of each. */
export async function identitiesInFolder(folder: string): Promise<ReadonlyMap<string, string>> {
  const { identityToRecipient } = await import("age-encryption");
  const found = new Map<string, string>();
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    for (const identity of await identitiesIn(path)) {
      const recipient = await identityToRecipient(identity).catch(() => null);
      if (recipient !== null) found.set(recipient, path);
    }
  }
  return found;
}

/** Entries and logs are passed over: an identity file is small and no age file. */
async function identitiesIn(path: string): Promise<readonly string[]> {
  const stats = path.endsWith(".age") ? null : await lstatOrNull(path);
  if (stats === null || !stats.isFile() || stats.size > MAX_IDENTITY_BYTES) return [];
  return parseIdentities((await readTextOrNull(path)) ?? "");
}
