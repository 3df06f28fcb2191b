import { CLOUD_NAMES, type CloudName } from "../domain/cloud-name.ts";
import { DAY_MS } from "../domain/day.ts";
import { parseTenantId } from "../domain/world.ts";
import { didYouMean } from "../support/did-you-mean.ts";

/**
 * What a text of the configuration means, or what is wrong with it, to be read behind the name of
 * its key.
 */
export type Parsed<T> = { readonly value: T } | { readonly problems: readonly string[] };

/** Quotes the text as JSON, so that spaces and line ends show. */
export function mustBe(text: string, expected: string): { readonly problems: readonly string[] } {
  return { problems: [`is ${JSON.stringify(text)}; it must be ${expected}`] };
}

/**
 * A folder or an address. It is never repeated: an address may hold a signature that opens an
 * account.
 */
export function parsePlace(text: string): Parsed<string> {
  if (text.trim() === "") return { problems: ["is empty; it must be a place"] };
  if (text !== text.trim()) return { problems: ["begins or ends with a space; it must be a place alone"] };
  return /^[[{]/.test(text) ? { problems: ["is a list or a mapping; it must be one text"] } : { value: text };
}

/** Proposes the nearest name for a spelling mistake. */
export function parseCloudName(text: string): Parsed<CloudName> {
  const value = CLOUD_NAMES.find((name) => name === text);
  return value === undefined ? mustBe(text, `one of ${CLOUD_NAMES.join(", ")}${didYouMean(text, CLOUD_NAMES)}`) : { value };
}

/** Takes an id alone: a domain name cannot be compared with what a token says. */
export function parseTenant(text: string): Parsed<string> {
  const value = parseTenantId(text);
  const expected =
    "the tenant's id, a GUID, as `az account show --query tenantId` and the overview of entra.microsoft.com show it; not one of its domain names";
  return value === null ? mustBe(text, expected) : { value };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** In milliseconds. */
export function parseDuration(text: string): Parsed<number> {
  const [, amount, unit] = /^(\d{1,6})(ms|s|m|h)$/.exec(text) ?? [];
  if (text === "0") return { value: 0 };
  if (amount === undefined || unit === undefined) return mustBe(text, "a duration such as 30s, 2m or 1h");
  return { value: Number(amount) * (UNITS[unit] ?? 1) };
}

/** Whole days, in milliseconds. */
export function parseDays(text: string): Parsed<number> {
  const [, days] = /^(\d{1,5})d$/.exec(text) ?? [];
  return days === undefined ? mustBe(text, "a number of days such as 90d") : { value: Number(days) * DAY_MS };
}

/** A whole number of six digits at most, without a sign. */
export function parseCount(text: string): Parsed<number> {
  return /^\d{1,6}$/.test(text) ? { value: Number(text) } : mustBe(text, "a whole number, 0 or more");
}

/** `true` or `false`, and no other word for them. */
export function parseBoolean(text: string): Parsed<boolean> {
  return text === "true" || text === "false" ? { value: text === "true" } : mustBe(text, "true or false");
}

/** Part `index` of `of`, counted from 1; requests are divided by name. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** `1/4` is the first of four. */
export function parseShard(text: string): Parsed<Shard> {
  const [, index, of] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of) return mustBe(text, "i/n with 1 <= i <= n, such as 1/4");
  return { value: { index, of } };
}
