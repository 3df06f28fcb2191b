import path from "node:path";
import { ConfigurationError, SignInError } from "../domain/errors.ts";
import { isObject, parseJson } from "../domain/json.ts";
import { Redacted } from "../domain/redacted.ts";
import { LOGIN } from "../support/dlr-command.ts";
import { readPrivateFile, removeFile, writePrivateFile } from "../support/private-files.ts";
import { systemCode } from "../support/system-code.ts";
import type { LoginPlace } from "./login-place.ts";
import { KEY_BYTES, type LoginBinding, NONCE_BYTES, openLogin, sealLogin } from "./login-seal.ts";

/** A person's sign-in as it is kept between runs. */
export interface StoredLogin {
  readonly binding: LoginBinding;
  /** `anna@contoso.example`, for people. */
  readonly username: string;
  /** ISO 8601, UTC. */
  readonly signedInAt: string;
  /** The sign-in library's own cache, with the refresh token. */
  readonly cache: Redacted<string>;
}

/** Cryptographically secure, as node:crypto's `randomBytes`; keys and nonces come from it. */
export type RandomBytes = (size: number) => Buffer;

/**
 * Null where nobody has signed in. Throws `SignInError` for one that cannot be used: damaged, or
 * open to others.
 */
export async function readLogin(place: LoginPlace): Promise<StoredLogin | null> {
  const sealed = await readOrExplain(sealedPath(place));
  if (sealed === null) return null;
  const key = await readOrExplain(keyPath(place));
  if (key === null) throw unusable(`its key ${keyPath(place)} is gone`);
  const opened = openLogin(sealed.toString("utf8"), new Redacted(key));
  const content = opened === null ? null : parseContent(opened.content);
  if (opened === null || content === null) throw unusable("it does not open with its key: it was changed, or comes from another machine");
  return { binding: opened.binding, ...content };
}

/**
 * A first sign-in makes a new key, so that older copies of the file open no more; a renewal keeps
 * it.
 */
export async function writeLogin(place: LoginPlace, login: StoredLogin, random: RandomBytes, isNew: boolean): Promise<void> {
  const { binding, username, signedInAt, cache } = login;
  const unique = random(8).toString("hex");
  const known = isNew ? null : await readPrivateFile(keyPath(place));
  const key = new Redacted(known ?? random(KEY_BYTES));
  const content = new Redacted(JSON.stringify({ username, signedInAt, cache: cache.reveal() }));
  if (known === null) await writePrivateFile(keyPath(place), key.reveal(), unique);
  await writePrivateFile(sealedPath(place), sealLogin(binding, content, key, random(NONCE_BYTES)), unique);
}

/** False when there was nothing to remove. */
export async function removeLogin(place: LoginPlace): Promise<boolean> {
  const hadKey = await removeFile(keyPath(place));
  const hadLogin = await removeFile(sealedPath(place));
  return hadKey || hadLogin;
}

function keyPath(place: LoginPlace): string {
  return path.join(place.keyFolder, "login.key");
}

function sealedPath(place: LoginPlace): string {
  return path.join(place.sealedFolder, "login.json");
}

async function readOrExplain(file: string): Promise<Buffer | null> {
  try {
    return await readPrivateFile(file);
  } catch (error) {
    if (error instanceof ConfigurationError) throw unusable(error.message, error.hint);
    const code = systemCode(error);
    if (code !== null) throw unusable(`${file} cannot be read (${code})`);
    throw error;
  }
}

function unusable(why: string, hint = LOGIN): SignInError {
  return new SignInError(`the sign-in that is kept on this machine is not used: ${why}`, { hint: hint === "" ? LOGIN : hint });
}

function parseContent(content: Redacted<string>): Omit<StoredLogin, "binding"> | null {
  const value = parseJson(content.reveal());
  if (!isObject(value)) return null;
  const { username, signedInAt, cache } = value;
  if (typeof username !== "string" || typeof signedInAt !== "string" || typeof cache !== "string") return null;
  return { username, signedInAt, cache: new Redacted(cache) };
}
