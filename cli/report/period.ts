import { ConfigurationError } from "../../providers/domain/errors.ts";
import type { Period } from "../../report/requests/report.ts";
import { parseTime } from "../support/parse-time.ts";

/** The time that is asked for, as the options say it. */
export interface PeriodOptions {
  readonly month?: string;
  readonly since?: string;
  readonly until?: string;
}

/**
 * In UTC; `--until` a day is the whole of that day. Throws `ConfigurationError` for what is no
 * time, for a month besides other bounds, and for an end before its beginning.
 */
export function periodOf({ month, since, until }: PeriodOptions, now: number): Period {
  if (month !== undefined) {
    if (since === undefined && until === undefined) return monthOf(month, now);
    throw new ConfigurationError(`--month is a whole month: say it without ${since === undefined ? "--until" : "--since"}`);
  }
  const from = since === undefined ? null : parseTime("--since", since, now).from;
  const end = until === undefined ? null : parseTime("--until", until, now).until;
  if (from !== null && end !== null && end <= from) throw new ConfigurationError(`--until ${until} is before --since ${since}`);
  const words = [...(since === undefined ? [] : [`since ${since}`]), ...(until === undefined ? [] : [`until ${until}`])];
  return { from: asIso(from), until: asIso(end), text: words.length === 0 ? "all that the ledger has" : words.join(" ") };
}

function monthOf(text: string, now: number): Period {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  if (year === undefined) {
    const hint = `write the year and the month: ${new Date(now).toISOString().slice(0, 7)}`;
    throw new ConfigurationError(`--month ${JSON.stringify(text)} is no month`, { hint });
  }
  const bound = (months: number) => new Date(Date.UTC(Number(year), Number(month) - 1 + months)).toISOString();
  return { from: bound(0), until: bound(1), text };
}

function asIso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
