import { hash } from "node:crypto";
import type { CheckEscrowOptions } from "./check-escrow.ts";
import { checkFolder } from "./escrow-folder.ts";
import { parseEscrowLocation } from "./escrow-location.ts";
import { readRecipients } from "./recipients.ts";
import { divideRecipients } from "./usable-recipients.ts";

/** Who could read what is put into escrow from now on, as a text that is the same as long as they are the same: their number and a hash of their public keys. */
export async function describeReaders(options: CheckEscrowOptions): Promise<string> {
  const location = parseEscrowLocation(options.location, options);
  if (location.kind === "vault") return `whom ${location.url} lets in`;
  if ((await checkFolder(location.folder, options.root)) === "missing") return "nobody";
  const { usable } = await divideRecipients(location.folder, await readRecipients(location.folder));
  if (usable.length === 0) return "nobody";
  const keys = usable.map(({ key }) => key).sort();
  return `${keys.length} with proven keys, SHA-256 ${hash("sha256", keys.join("\n")).slice(0, 32)}`;
}
