import { hash } from "node:crypto";
import { EscrowError } from "../domain/errors.ts";
import type { CheckEscrowOptions } from "./check-escrow.ts";
import { parseEscrowLocation } from "./escrow-location.ts";
import { checkFolder } from "./file/escrow-folder.ts";
import { readRecipients } from "./file/recipients.ts";
import { divideRecipients } from "./file/usable-recipients.ts";

/**
 * Who could read what is put into escrow from now on, as a text that is the same as long as they
 * are the same: their number and a hash of their public keys. A folder that cannot be used is
 * nobody's: `checkEscrow` says why, where something is to be put there.
 */
export async function describeReaders(options: CheckEscrowOptions): Promise<string> {
  const location = parseEscrowLocation(options.location, options);
  if (location.kind === "vault") return `whom ${location.url} lets in`;
  const keys = await provenKeys(location.folder, options.root);
  return keys.length === 0 ? "nobody" : `${keys.length} with proven keys, SHA-256 ${hash("sha256", keys.join("\n")).slice(0, 32)}`;
}

async function provenKeys(folder: string, root: string): Promise<readonly string[]> {
  try {
    if ((await checkFolder(folder, root)) === "missing") return [];
    const { usable } = await divideRecipients(folder, await readRecipients(folder));
    return usable.map(({ key }) => key).sort();
  } catch (error) {
    if (error instanceof EscrowError) return [];
    throw error;
  }
}
