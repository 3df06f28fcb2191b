import { ConfigurationError } from "../../domain/errors.ts";
import { syncFolder } from "../../support/store-folder.ts";
import { escrowFailure } from "../escrow-failure.ts";
import { checkFolder, makeFolder, readTextOrNull } from "../escrow-folder.ts";
import { forgetProofs } from "./confirmations.ts";
import { recipientHint } from "./explain-key.ts";
import { replaceFile } from "./place-file.ts";
import { isRecipient, readRecipients, recipientsPath, withoutRecipient, withRecipient } from "./recipients.ts";

/**
 * `folder` is the escrow's, `root` the project's; `uuid` names the temporary file that replaces the
 * list.
 */
export interface ListOptions {
  readonly folder: string;
  readonly root: string;
  readonly uuid: () => string;
}

/**
 * False when the recipient was there before. A missing folder is made; what the key proved before
 * it was listed counts no more. Throws `ConfigurationError` for a key that nothing can be encrypted
 * to.
 */
export async function addRecipient(key: string, comment: string, options: ListOptions): Promise<boolean> {
  await checkKey(key);
  if ((await checkFolder(options.folder, options.root)) === "missing") await makeFolder(options.folder);
  const known = await readRecipients(options.folder);
  if (known.some((recipient) => recipient.key === key)) return false;
  await forgetProofs(key, options);
  await changeList(options, (text) => withRecipient(text, key, comment));
  return true;
}

/**
 * The parts of an entry that a removal took away; the proof goes first, since a line without it
 * never counts.
 */
export interface Removed {
  readonly wasListed: boolean;
  readonly wasProven: boolean;
}

/**
 * Takes a recipient and its proof off the lists; what was encrypted to it before stays readable
 * with its identity.
 */
export async function removeRecipient(key: string, options: ListOptions): Promise<Removed> {
  if ((await checkFolder(options.folder, options.root)) === "missing") return { wasListed: false, wasProven: false };
  const known = await readRecipients(options.folder);
  const wasProven = await forgetProofs(key, options);
  const wasListed = known.some((recipient) => recipient.key === key);
  if (wasListed) await changeList(options, (text) => withoutRecipient(text, key));
  return { wasListed, wasProven };
}

async function checkKey(key: string): Promise<void> {
  if (await isRecipient(key)) return;
  const isSecret = /^AGE-SECRET-KEY-/i.test(key);
  const message = isSecret ? "this is the secret half of a key" : `${JSON.stringify(key)} is not an age recipient`;
  throw new ConfigurationError(message, { hint: recipientHint(key) });
}

async function changeList(options: ListOptions, change: (text: string) => string): Promise<void> {
  const path = recipientsPath(options.folder);
  try {
    await replaceFile(path, Buffer.from(change((await readTextOrNull(path)) ?? "")), options.uuid);
    await syncFolder(options.folder);
  } catch (error) {
    throw escrowFailure(error, "write", path);
  }
}
