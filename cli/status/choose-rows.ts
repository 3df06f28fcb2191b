import { DAY_MS } from "../../providers/domain/day.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import type { Standing } from "../support/standing.ts";
import type { StatusRow } from "./row.ts";

/** Which rows are asked for; each condition that is said has to hold. */
export interface Wanted {
  readonly failed?: true;
  readonly waiting?: true;
  readonly drifted?: true;
  readonly since?: string;
  readonly device?: string;
  readonly ticket?: string;
}

const FAILED: readonly Standing[] = ["failed", "ambiguous", "expired"];
const WAITING: readonly Standing[] = ["pending", "awaitingApproval", "awaitingSignIn", "unfinished"];

/** Rows that the options ask for, in the order of the ledger; `now` in milliseconds. */
export function chooseRows(rows: readonly StatusRow[], wanted: Wanted, now: number): readonly StatusRow[] {
  const since = wanted.since === undefined ? null : parseSince(wanted.since, now);
  const standings = [...(wanted.failed ? FAILED : []), ...(wanted.waiting ? WAITING : [])];
  return rows.filter(
    (row) =>
      (standings.length === 0 || standings.includes(row.standing)) &&
      (wanted.drifted === undefined || row.drift !== null) &&
      (since === null || Date.parse(row.since) >= since) &&
      (wanted.device === undefined || isDevice(row, wanted.device)) &&
      (wanted.ticket === undefined || isSame(row.ticket, wanted.ticket)),
  );
}

function isDevice({ serialNumber, deviceId, deviceName }: StatusRow, asked: string): boolean {
  return [serialNumber, deviceId, deviceName].some((word) => isSame(word, asked));
}

/** People type serial numbers and tickets in any case. */
function isSame(word: string | null, asked: string): boolean {
  return word?.toLowerCase() === asked.trim().toLowerCase();
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS };

/**
 * Milliseconds since the epoch: a day, a time, or how long ago. Throws `ConfigurationError` for
 * what is none.
 */
export function parseSince(text: string, now: number): number {
  const [, amount, unit = ""] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (amount !== undefined) return now - Number(amount) * (UNITS[unit] ?? 0);
  const time = /^\d{4}-\d{2}-\d{2}(T.+)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  const example = new Date(now - 7 * DAY_MS).toISOString().slice(0, 10);
  throw new ConfigurationError(`--since ${JSON.stringify(text)} is no time`, {
    hint: `write a day (${example}), or how long ago: 7d, 12h, 30m`,
  });
}
