import { join } from "node:path";
import { syncFolder } from "../../support/store-folder.ts";
import { escrowFailure } from "../escrow-failure.ts";
import { checkFolder, makeFolder, readTextOrNull } from "../escrow-folder.ts";
import { parseIdentities, readIdentities, renderIdentityFile } from "./identity-file.ts";
import { placeFirst, replaceFile } from "./place-file.ts";
import { parseRecipients, recipientsPath, withRecipient } from "./recipients.ts";

const ONLY_EMULATOR = "for the emulator only: this identity lies beside what it opens, so nothing real may be encrypted to it";

/** The secret key of the emulator's own reader, beside what it opens. */
export function emulatorIdentityPath(folder: string): string {
  return join(folder, "emulator-identity.txt");
}

/**
 * Against the emulator nobody should have to make keys first: a folder without recipients gets a
 * reader whose identity lies in the folder. Processes that do this at once end with one identity:
 * the first whole file wins, the others take it over.
 */
export async function ensureEmulatorReader(folder: string, root: string, uuid: () => string): Promise<void> {
  if ((await checkFolder(folder, root)) === "missing") await makeFolder(folder);
  const path = recipientsPath(folder);
  const text = await readTextOrNull(path);
  if (text !== null && (await parseRecipients(text, path)).length > 0) return;
  const { identityToRecipient } = await import("age-encryption");
  const identity = await ensureIdentity(folder, uuid);
  const list = Buffer.from(withRecipient(text ?? "", await identityToRecipient(identity), ONLY_EMULATOR));
  try {
    if (text === null) await placeFirst(path, list, uuid);
    else await replaceFile(path, list, uuid);
    await syncFolder(folder);
  } catch (error) {
    throw escrowFailure(error, "write", path);
  }
}

async function ensureIdentity(folder: string, uuid: () => string): Promise<string> {
  const { generateX25519Identity, identityToRecipient } = await import("age-encryption");
  const path = emulatorIdentityPath(folder);
  const [there] = parseIdentities((await readTextOrNull(path)) ?? "");
  if (there !== undefined) return there;
  const identity = await generateX25519Identity();
  const file = renderIdentityFile(identity, await identityToRecipient(identity), ONLY_EMULATOR);
  try {
    await placeFirst(path, Buffer.from(file), uuid);
    await syncFolder(folder);
  } catch (error) {
    throw escrowFailure(error, "write", path);
  }
  const [placed] = await readIdentities(path);
  return placed ?? identity;
}
