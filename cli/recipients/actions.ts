import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ConfigurationError, EscrowError, EXIT_CODES } from "../../providers/domain/errors.ts";
import { writeAuditLine } from "../../providers/escrow/audit-file.ts";
import type { Recipient } from "../../providers/escrow/escrow-store.ts";
import {
  type ConfirmOptions,
  confirmWithAnswer,
  confirmWithIdentities,
  issueChallenge,
  readConfirmations,
} from "../../providers/escrow/file/confirmations.ts";
import { readIdentities } from "../../providers/escrow/file/identity-file.ts";
import { writeKeyPair } from "../../providers/escrow/file/key-pair.ts";
import { addRecipientCommand, readRecipients, recipientsPath } from "../../providers/escrow/file/recipients.ts";
import { addRecipient, removeRecipient } from "../../providers/escrow/file/recipients-list.ts";
import { type Sharing, shareEntries } from "../../providers/escrow/file/share-entries.ts";
import { divideRecipients, usableRecipients } from "../../providers/escrow/file/usable-recipients.ts";
import { systemClock, timestamp } from "../../providers/support/system-clock.ts";
import { count } from "../../providers/support/words.ts";
import { commandWriter } from "../support/command-writer.ts";
import { escrowFolderOf } from "../support/open-stores.ts";
import { operator } from "../support/operator.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import { identityFile, readerKeyFile } from "../support/reader-key.ts";
import type { StoreOptions } from "../support/store-locations.ts";
import { renderTable, terminalWidth } from "../support/table.ts";
import { wordsOf } from "../support/words-of.ts";

const root = PROJECT_FOLDER;

/**
 * Prints every recipient and whether it has proven itself. Throws `ConfigurationError` where there
 * is none.
 */
export async function list(said: readonly string[], flags: StoreOptions): Promise<void> {
  const { options } = await wordsOf("recipients", said, { needed: 0, most: 0 }, flags);
  const folder = await escrowFolderOf(options, root);
  const [recipients, confirmed] = [await readRecipients(folder), await readConfirmations(folder)];
  if (recipients.length === 0) throw nobody(folder);
  const rows = recipients.map(({ key, comment }) => {
    const proof = confirmed.find((one) => one.recipient === key);
    return [key, proof === undefined ? "not confirmed" : `confirmed ${proof.at.slice(0, 10)}`, proof?.who ?? "-", comment];
  });
  for (const line of renderTable([["KEY", "PROVEN", "BY", "WHOSE"], ...rows], terminalWidth())) console.log(line);
  const { usable, unproven } = await divideRecipients(folder, recipients);
  if (unproven.length === 0) return;
  const nobodyElse = usable.length === 0 ? ", and so runs against Microsoft refuse to escrow" : "";
  console.error(
    `${unproven.length} not confirmed: nothing is encrypted to them${nobodyElse}; each reader runs: ${confirmCommand(options)}`,
  );
}

function confirmCommand(options: StoreOptions): string {
  return commandWriter(options)("recipients confirm", "--identity", "FILE");
}

/** Runs compare the recipients with those of the last run. */
const NEXT_RUN =
  "commit the folder's lists; the next up against Microsoft records the change of readers, and destroys, locks and escrows nothing, the one after it may";

/** Writes to the folder's list; a recipient that is listed already stays as it is. */
export async function add(said: readonly string[], flags: StoreOptions & { readonly name?: string }): Promise<void> {
  const { options, words } = await wordsOf("recipients", said, { needed: 1, most: 1 }, flags);
  const [key = ""] = words;
  const folder = await escrowFolderOf(options, root);
  const comment = `${options.name ?? "added"} (${operator()}, ${timestamp(systemClock).slice(0, 10)})`;
  const isNew = await addRecipient(key, comment, { folder, root, uuid: randomUUID });
  console.log(isNew ? `added to ${recipientsPath(folder)}` : `is in ${recipientsPath(folder)} already`);
  if (!isNew) return;
  console.error(
    "what was escrowed before stays closed to this key until another reader runs `dlr recipients share`, and nothing is encrypted to it until it has proven itself",
  );
  console.error(`next, its reader: ${confirmCommand(options)}`);
}

/**
 * Takes the proof away too. Throws `ConfigurationError` for a key that has neither a place nor a
 * proof.
 */
export async function remove(said: readonly string[], flags: StoreOptions): Promise<void> {
  const { options, words } = await wordsOf("recipients", said, { needed: 1, most: 1 }, flags);
  const [key = ""] = words;
  const folder = await escrowFolderOf(options, root);
  const { wasListed, wasProven } = await removeRecipient(key, { folder, root, uuid: randomUUID });
  if (!wasListed && !wasProven) {
    throw new ConfigurationError(`${JSON.stringify(key)} is not in ${recipientsPath(folder)}`, {
      hint: `${commandWriter(options)("recipients list")} shows who is`,
    });
  }
  if (wasListed) console.log(`removed from ${recipientsPath(folder)}`);
  if (wasProven) console.log("its proof was removed too: listed again, the key has to prove itself again");
  console.error(`what was encrypted to this key before stays readable with it; ${NEXT_RUN}`);
  const { usable } = await divideRecipients(folder, await readRecipients(folder));
  if (usable.length === 0)
    console.error(`nobody is left who has proven that they can read: ${addRecipientCommand(folder)}, then ${confirmCommand(options)}`);
}

/** Writes the secret half to a new file and prints the public one. */
export async function keygen(file: string | undefined): Promise<void> {
  const path = file === undefined ? await makeRoomForKey() : resolve(root, file);
  const recipient = await writeKeyPair(path, `made ${timestamp(systemClock)}; whoever has this file can read`);
  console.log(recipient);
  console.error(
    `the secret half is in ${path}: keep it safe, back it up, never commit it\nnext: ${commandWriter({})("recipients add", recipient)}`,
  );
}

async function makeRoomForKey(): Promise<string> {
  const path = readerKeyFile();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return path;
}

interface ShareFlags extends StoreOptions {
  readonly identity?: string;
}

/**
 * What was escrowed before somebody became a reader stays closed to them until another reader
 * does this.
 */
export async function share(said: readonly string[], told: ShareFlags): Promise<void> {
  const { options } = await wordsOf("recipients", said, { needed: 0, most: 0 }, told);
  const folder = await escrowFolderOf(options, root);
  const file = identityFile(options.identity, process.env);
  if (file === null) throw new ConfigurationError("nothing to open the entries with", { hint: "say --identity FILE" });
  const { usable } = await usableRecipients(folder, root, false);
  const keys = usable.map(({ key }) => key);
  const identities = await readIdentities(resolve(root, file));
  const { shared, closed } = await shareEntries({ folder, root, identities, recipients: keys, uuid: randomUUID, tell: auditShare(folder) });
  console.log(`${shared} of ${shared + closed.length} entries can be read by ${count(keys.length, "confirmed reader")} now`);
  if (closed.length === 0) return;
  console.error(`${closed.length} stay as they are: they were encrypted to others, one of whom has to share them: ${closed.join(", ")}`);
  process.exitCode = EXIT_CODES.service;
}

function auditShare(folder: string): Sharing["tell"] {
  return (reference, { kind, device, requestKey }) =>
    writeAuditLine(folder, root, {
      at: timestamp(systemClock),
      who: operator(),
      action: "share",
      reference: `file:${reference}`,
      kind,
      device: device.id,
      requestKey,
    });
}

interface ConfirmFlags extends StoreOptions {
  readonly identity?: string;
  readonly answer?: string;
}

/**
 * Proves that a reader can read: by the identity file, or by a challenge and its answer. Throws
 * `ConfigurationError` without either.
 */
export async function confirm(said: readonly string[], told: ConfirmFlags): Promise<void> {
  const { options: flags, words } = await wordsOf("recipients", said, { needed: isKey(said[0]) ? 1 : 0, most: 1 }, told);
  const [key] = words;
  const folder = await escrowFolderOf(flags, root);
  const recipients = await readRecipients(folder);
  if (recipients.length === 0) throw nobody(folder);
  if (key !== undefined) checkListed(key, recipients, folder, flags);
  const options = { folder, who: operator(), at: timestamp(systemClock), uuid: randomUUID };
  if (flags.answer !== undefined) return confirmAnswer(key, flags.answer, options);
  const file = key === undefined ? identityFile(flags.identity, process.env) : (flags.identity ?? null);
  if (file !== null) return confirmIdentity(key, resolve(root, file), recipients, options);
  if (key === undefined) {
    throw new ConfigurationError("nothing to confirm with", {
      hint: "say --identity FILE, or name the recipient to get a challenge for it",
    });
  }
  process.stdout.write(await issueChallenge(key, options));
  console.error(
    `its holder decrypts this (age -d -i IDENTITY); next: ${commandWriter(flags)("recipients confirm", key, "--answer", "TEXT")}`,
  );
}

/** What can be no stack. */
function isKey(word: string | undefined): boolean {
  return word?.startsWith("age1") ?? false;
}

async function confirmAnswer(key: string | undefined, answer: string, options: ConfirmOptions): Promise<void> {
  if (key === undefined) throw new ConfigurationError("--answer needs the recipient whose challenge it answers");
  if (!(await confirmWithAnswer(key, answer, options))) {
    throw new EscrowError("this is not what the challenge said", { hint: "decrypt the newest challenge and give its text whole" });
  }
  console.log(`confirmed ${key}`);
  console.error(NEXT_RUN);
}

async function confirmIdentity(
  key: string | undefined,
  path: string,
  recipients: readonly Recipient[],
  options: ConfirmOptions,
): Promise<void> {
  const asked = recipients.map((recipient) => recipient.key).filter((one) => key === undefined || one === key);
  const proven = await confirmWithIdentities(asked, await readIdentities(path), options);
  if (proven.length === 0) {
    const hint = `add its public key first (\`${addRecipientCommand(options.folder)}\`), or give the identity that belongs to a recipient`;
    throw new EscrowError(`${path} opens nothing that is encrypted to ${key ?? "the recipients"}`, { hint });
  }
  for (const one of proven) console.log(`confirmed ${one}`);
  console.error(NEXT_RUN);
}

function checkListed(key: string, recipients: readonly Recipient[], folder: string, options: StoreOptions): void {
  if (recipients.some((recipient) => recipient.key === key)) return;
  throw new ConfigurationError(`${JSON.stringify(key)} is not in ${recipientsPath(folder)}`, {
    hint: `${commandWriter(options)("recipients list")} shows who is`,
  });
}

function nobody(folder: string): EscrowError {
  const hint = `\`${addRecipientCommand(folder)}\` with a public key; \`dlr recipients keygen FILE\` makes a pair`;
  return new EscrowError(`nobody can read what is escrowed in ${folder}: it has no recipients`, { hint });
}
