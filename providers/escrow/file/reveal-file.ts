import { EscrowError } from "../../domain/errors.ts";
import { escrowFailure } from "../escrow-failure.ts";
import { readRegularFile } from "../escrow-folder.ts";
import type { RevealedEntry } from "../revealed-entry.ts";
import { readIdentities } from "./identity-file.ts";
import { unsealEntry } from "./sealed-entry.ts";

/**
 * Opens one escrow file with the identities of a file. Throws `EscrowError` when they do not fit.
 */
export async function revealFile(path: string, identityFile: string): Promise<RevealedEntry> {
  const identities = await readIdentities(identityFile);
  let bytes: Buffer;
  try {
    bytes = await readRegularFile(path);
  } catch (error) {
    throw escrowFailure(error, "read the escrow entry", path);
  }
  const found = await unsealEntry(bytes, identities);
  if (found !== null) return found;
  const hint =
    "give the identity of one of the recipients of that time with --identity FILE; if it is the right one, restore the entry from a backup";
  throw new EscrowError(`${path} cannot be opened with ${identityFile}: it was encrypted to others, or it is damaged`, { hint });
}
