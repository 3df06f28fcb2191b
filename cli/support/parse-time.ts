import { DAY_MS } from "../../providers/domain/day.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";

/** Milliseconds since the epoch. A day is as long as it is, a time is no longer than itself. */
export interface SaidTime {
  readonly from: number;
  /** The first instant after it. */
  readonly until: number;
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS };

/**
 * A day, a time, or how long ago, as an option says it. Throws `ConfigurationError` for what is
 * none.
 */
export function parseTime(option: string, text: string, now: number): SaidTime {
  const [, amount, unit = ""] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (amount !== undefined) return instant(now - Number(amount) * (UNITS[unit] ?? 0));
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})(T.+)?$/.exec(text) ?? [];
  const from = day === undefined || !isDay(day) ? Number.NaN : Date.parse(text);
  if (!Number.isNaN(from)) return time === undefined ? { from, until: from + DAY_MS } : instant(from);
  const example = new Date(now - 7 * DAY_MS).toISOString().slice(0, 10);
  throw new ConfigurationError(`${option} ${JSON.stringify(text)} is no time`, {
    hint: `write a day (${example}), or how long ago: 7d, 12h, 30m`,
  });
}

/** `Date.parse` takes 2026-02-31 for a day in March. */
function isDay(day: string): boolean {
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

function instant(time: number): SaidTime {
  return { from: time, until: time };
}
