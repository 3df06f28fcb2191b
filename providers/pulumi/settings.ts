import type { CloudName } from "../domain/cloud-name.ts";
import { ConfigurationError } from "../domain/errors.ts";
import { parseCloud } from "../graph/cloud.ts";

/** Name of the project and namespace of its configuration. */
export const PROJECT = "device-lifecycle";

/** Everything that a stack can configure. Meanings and defaults are in docs/configuration.md. */
export interface Settings {
  readonly requests: string;
  readonly playbooks: string;
  readonly cloud: CloudName;
  readonly graphEndpoint: string | undefined;
  readonly escrow: string;
  readonly ledger: string;
  /** How long one run follows pending actions, in milliseconds. */
  readonly waitMs: number;
  readonly maxDestructive: number;
  /** Globs over users, device names and categories. */
  readonly protected: readonly string[];
  readonly followOnly: boolean;
  readonly shard: { readonly index: number; readonly of: number };
}

/** The value of a key as the stack's file holds it, or undefined. */
export type ReadKey = (key: string) => string | undefined;

/** Throws `ConfigurationError` that names the key, the value and what to write instead. */
export function parseSettings(read: ReadKey): Settings {
  return {
    requests: read("requests") ?? "devices/requests",
    playbooks: read("playbooks") ?? "devices/playbooks",
    cloud: parseCloud(read("cloud") ?? "global"),
    graphEndpoint: read("graphEndpoint"),
    escrow: read("escrow") ?? "file:escrow",
    ledger: read("ledger") ?? "file:ledger",
    waitMs: parseDuration(read("wait") ?? "2m"),
    maxDestructive: parseCount(read("maxDestructive") ?? "5"),
    protected: parseList(read("protected")),
    followOnly: parseBoolean("followOnly", read("followOnly") ?? "false"),
    shard: parseShard(read("shard") ?? "1/1"),
  };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d{1,6})(ms|s|m|h)$/.exec(text) ?? [];
  if (text === "0") return 0;
  if (amount === undefined || unit === undefined) throw wrong("wait", text, "a duration such as 30s, 2m or 1h");
  return Number(amount) * (UNITS[unit] ?? 1);
}

function parseCount(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw wrong("maxDestructive", text, "a whole number, 0 or more");
  return Number(text);
}

function parseBoolean(key: string, text: string): boolean {
  if (text !== "true" && text !== "false") throw wrong(key, text, "true or false");
  return text === "true";
}

/** A JSON list, as `pulumi config set --path` and YAML lists give it, or one value or several with commas. */
function parseList(text: string | undefined): readonly string[] {
  if (text === undefined || text.trim() === "") return [];
  if (!text.trim().startsWith("["))
    return text
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
  const list = parseJson(text);
  if (!Array.isArray(list) || !list.every((item) => typeof item === "string")) throw wrong("protected", text, "a list of texts");
  return list;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw wrong("protected", text, "a list of texts", cause);
  }
}

function parseShard(text: string): Settings["shard"] {
  const [, index, of] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of) throw wrong("shard", text, "i/n with 1 <= i <= n, such as 1/4");
  return { index, of };
}

function wrong(key: string, text: string, expected: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(`configuration ${PROJECT}:${key} is ${JSON.stringify(text)}; it must be ${expected}`, {
    hint: `npm run pulumi -- config set ${key} VALUE`,
    cause,
  });
}
