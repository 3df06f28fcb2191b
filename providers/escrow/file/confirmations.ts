import { hash, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { EscrowError } from "../../domain/errors.ts";
import { isObject, parseJson } from "../../domain/json.ts";
import { syncFolder } from "../../support/store-folder.ts";
import { escrowFailure } from "../escrow-failure.ts";
import { readTextOrNull } from "../escrow-folder.ts";
import { replaceFile } from "./place-file.ts";
import { recipientsCommand } from "./recipients.ts";

/**
 * Proof, kept beside the list, that somebody could open what was encrypted to a recipient: a lost
 * or mistyped key opens nothing.
 */
export interface Confirmation {
  readonly recipient: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly who: string;
}

interface Challenge {
  readonly recipient: string;
  /** SHA-256 of the answer; the answer is 128 random bits, so the hash gives nothing away. */
  readonly answerHash: string;
  readonly at: string;
}

/** A folder of an escrow, to be written to. */
export interface ProofsFolder {
  readonly folder: string;
  readonly uuid: () => string;
}

/** `who` and `at` (ISO 8601, UTC) are recorded with the proof. */
export interface ConfirmOptions extends ProofsFolder {
  readonly who: string;
  readonly at: string;
}

const confirmedPath = (folder: string) => join(folder, "confirmed.json");
const challengesPath = (folder: string) => join(folder, "challenges.json");

/** Empty where nobody has confirmed yet. Throws `EscrowError` for a list that is damaged. */
export async function readConfirmations(folder: string): Promise<readonly Confirmation[]> {
  return readList(confirmedPath(folder), isConfirmation);
}

/**
 * Encrypts a random text to each recipient, opens it with the identities, and records those
 * recipients for which that worked.
 */
export async function confirmWithIdentities(
  recipients: readonly string[],
  identities: readonly string[],
  options: ConfirmOptions,
): Promise<readonly string[]> {
  const proven: string[] = [];
  for (const recipient of recipients) {
    const answer = newAnswer(options.uuid);
    if ((await openChallenge(await encryptTo(recipient, answer), identities)) === answer) proven.push(recipient);
  }
  await recordConfirmed(proven, options);
  return proven;
}

/**
 * An armored age file for a recipient whose identity is elsewhere: on another machine, in a
 * hardware key. Its holder gives back the text.
 */
export async function issueChallenge(recipient: string, options: ConfirmOptions): Promise<string> {
  const { armor } = await import("age-encryption");
  const answer = newAnswer(options.uuid);
  const path = challengesPath(options.folder);
  const others = (await readList(path, isChallenge)).filter((one) => one.recipient !== recipient);
  await writeList(path, [...others, { recipient, answerHash: hash("sha256", answer), at: options.at }], options);
  return armor.encode(await encryptTo(recipient, answer));
}

/** False for a wrong answer; then the challenge stays open. */
export async function confirmWithAnswer(recipient: string, answer: string, options: ConfirmOptions): Promise<boolean> {
  const path = challengesPath(options.folder);
  const challenges = await readList(path, isChallenge);
  const challenge = challenges.find((one) => one.recipient === recipient);
  if (challenge === undefined) {
    const hint = `\`${recipientsCommand("confirm", options.folder, recipient)}\` makes one`;
    throw new EscrowError(`there is no open challenge for ${recipient}`, { hint });
  }
  const given = hash("sha256", answer.trim(), "buffer");
  const expected = Buffer.from(challenge.answerHash, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  await recordConfirmed([recipient], options);
  const open = challenges.filter((one) => one !== challenge);
  await writeList(path, open, options);
  return true;
}

/**
 * Removes a recipient's proof and open challenges with its place on the list: one that is listed
 * again proves again. True where there was a proof.
 */
export async function forgetProofs(recipient: string, options: ProofsFolder): Promise<boolean> {
  const wasProven = await leaveOut(recipient, await readConfirmations(options.folder), confirmedPath(options.folder), options);
  const challenges = challengesPath(options.folder);
  await leaveOut(recipient, await readList(challenges, isChallenge), challenges, options);
  return wasProven;
}

async function leaveOut(
  recipient: string,
  list: readonly (Confirmation | Challenge)[],
  path: string,
  options: ProofsFolder,
): Promise<boolean> {
  const others = list.filter((one) => one.recipient !== recipient);
  if (others.length === list.length) return false;
  await writeList(path, others, options);
  return true;
}

function newAnswer(uuid: () => string): string {
  return hash("sha256", `${uuid()}\n${uuid()}`).slice(0, 32);
}

async function encryptTo(recipient: string, text: string): Promise<Uint8Array> {
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(text);
}

/** Null when none of the identities opens it. */
async function openChallenge(bytes: Uint8Array, identities: readonly string[]): Promise<string | null> {
  const { Decrypter } = await import("age-encryption");
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(bytes, "text");
  } catch {
    return null;
  }
}

async function recordConfirmed(recipients: readonly string[], options: ConfirmOptions): Promise<void> {
  if (recipients.length === 0) return;
  const others = (await readConfirmations(options.folder)).filter((one) => !recipients.includes(one.recipient));
  const added = recipients.map((recipient) => ({ recipient, at: options.at, who: options.who }));
  await writeList(confirmedPath(options.folder), [...others, ...added], options);
}

function isConfirmation(value: unknown): value is Confirmation {
  return isObject(value) && typeof value.recipient === "string" && typeof value.at === "string" && typeof value.who === "string";
}

function isChallenge(value: unknown): value is Challenge {
  return isObject(value) && typeof value.recipient === "string" && typeof value.answerHash === "string" && typeof value.at === "string";
}

async function readList<T>(path: string, isItem: (value: unknown) => value is T): Promise<readonly T[]> {
  const text = await readTextOrNull(path);
  if (text === null) return [];
  const list = parseList(text);
  if (list?.every(isItem)) return list;
  throw new EscrowError(`${path} is damaged`, { hint: "restore it from version control, or remove it and confirm again" });
}

function parseList(text: string): readonly unknown[] | null {
  const value = parseJson(text);
  return Array.isArray(value) ? value : null;
}

async function writeList(path: string, list: readonly object[], options: ProofsFolder): Promise<void> {
  try {
    await replaceFile(path, Buffer.from(`${JSON.stringify(list, null, 2)}\n`), options.uuid);
    await syncFolder(options.folder);
  } catch (error) {
    throw escrowFailure(error, "write", path);
  }
}
