import { hash, timingSafeEqual } from "node:crypto";
import { EscrowError } from "../domain/errors.ts";
import { isObject, parseJson } from "../domain/json.ts";
import type { StoredEntry } from "../domain/ports.ts";
import { Redacted } from "../domain/redacted.ts";

/** One secret, and what it is of. */
export interface RevealedEntry {
  readonly entry: StoredEntry;
  readonly secret: Redacted<string>;
}

/** An entry with its secret in clear, as a store encrypts it; `parseEntry` reads it back. */
export function renderEntry({ entry, secret }: RevealedEntry): string {
  const { kind, device, deviceName, requestKey, capturedAt } = entry;
  return JSON.stringify({ version: 1, kind, secret: secret.reveal(), device, deviceName, requestKey, capturedAt });
}

/** Throws `EscrowError`, which says nothing of the text, for what no `renderEntry` wrote. */
export function parseEntry(text: string): RevealedEntry {
  const value = parseJson(text);
  if (!isObject(value) || value.version !== 1) throw unknownForm();
  const { version: _, secret, ...rest } = value;
  const { kind, device, deviceName, requestKey, capturedAt } = rest;
  if (typeof secret !== "string" || typeof kind !== "string" || typeof requestKey !== "string") throw unknownForm();
  if (!isTextOrNull(deviceName) || typeof capturedAt !== "string") throw unknownForm();
  return { entry: { ...rest, kind, requestKey, device: parseDevice(device), deviceName, capturedAt }, secret: new Redacted(secret) };
}

function parseDevice(value: unknown): StoredEntry["device"] {
  if (!isObject(value) || typeof value.id !== "string") throw unknownForm();
  const { id, serialNumber, enrolledDateTime } = value;
  if (!isTextOrNull(serialNumber) || !isTextOrNull(enrolledDateTime)) throw unknownForm();
  return { ...value, id, serialNumber, enrolledDateTime };
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function unknownForm(): EscrowError {
  return new EscrowError("the escrow entry has a form that this version does not know", { hint: "use the version that wrote it" });
}

/** Compares in constant time, so that nobody can measure how much of two secrets agrees. */
export function sameSecret(a: Redacted<string>, b: Redacted<string>): boolean {
  return timingSafeEqual(hash("sha256", a.reveal(), "buffer"), hash("sha256", b.reveal(), "buffer"));
}
