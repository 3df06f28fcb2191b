import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { EscrowError } from "../../domain/errors.ts";
import { syncFolder } from "../../support/store-folder.ts";
import { escrowFailure } from "../escrow-failure.ts";
import { checkFolder, readRegularFile } from "../escrow-folder.ts";
import { type RevealedEntry, sameSecret } from "../revealed-entry.ts";
import { replaceFile } from "./place-file.ts";
import { sealFor, unsealEntry } from "./sealed-entry.ts";

/** Which entries are opened for whom. */
export interface Sharing {
  readonly folder: string;
  readonly root: string;
  /** Of the reader who shares. */
  readonly identities: readonly string[];
  /** Everybody who can read afterwards. */
  readonly recipients: readonly string[];
  readonly uuid: () => string;
  /** Right before an entry is encrypted anew. */
  readonly tell: (reference: string, entry: RevealedEntry["entry"]) => Promise<void>;
}

/** What became of the entries of a folder. */
export interface Shared {
  readonly shared: number;
  /** Names of files that none of the identities opens: they stay as they are. */
  readonly closed: readonly string[];
}

/**
 * Encrypts each entry of a folder anew for the recipients, under its own name, so that references
 * hold. What was encrypted is opened again and compared before it takes the entry's place. Throws
 * `EscrowError`; what was shared until then stays so.
 */
export async function shareEntries(sharing: Sharing): Promise<Shared> {
  const { folder, root } = sharing;
  if ((await checkFolder(folder, root)) === "missing") throw new EscrowError(`there is no escrow folder ${folder}`);
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{32}\.age$/.test(name)).sort();
  const closed: string[] = [];
  for (const name of names) if (!(await shareEntry(name, sharing))) closed.push(name);
  await syncFolder(folder);
  return { shared: names.length - closed.length, closed };
}

/** False for an entry that was encrypted to others. */
async function shareEntry(name: string, { folder, identities, recipients, uuid, tell }: Sharing): Promise<boolean> {
  const path = join(folder, name);
  try {
    const found = await unsealEntry(await readRegularFile(path), identities);
    if (found === null) return false;
    await tell(path, found.entry);
    await replaceFile(path, Buffer.from(await sealedAndProven(found, recipients)), uuid);
    return true;
  } catch (error) {
    throw escrowFailure(error, "share", path);
  }
}

/**
 * The key that proves it lives in this process's memory only, and nobody can read with it later.
 */
async function sealedAndProven({ entry, secret }: RevealedEntry, recipients: readonly string[]): Promise<Uint8Array> {
  const { generateX25519Identity, identityToRecipient } = await import("age-encryption");
  const proof = await generateX25519Identity();
  const seal = await sealFor([...recipients, await identityToRecipient(proof)]);
  const bytes = await seal(entry, secret);
  const again = await unsealEntry(bytes, [proof]);
  if (again !== null && sameSecret(again.secret, secret) && JSON.stringify(again.entry) === JSON.stringify(entry)) return bytes;
  throw new EscrowError("what was encrypted anew is not what was there: the entry stays as it is");
}
