import { DAY_MS } from "../../providers/domain/day.ts";
import type { ActivationLockReport, LockDevice } from "./report.ts";

/** Which devices are shown; each condition that is said has to hold. */
export interface LockWanted {
  readonly noCode: boolean;
  readonly notEscrowed: boolean;
  readonly stale: boolean;
  /** No check-in for so many days, or none that Graph tells; null: whenever it was. */
  readonly notSeenDays: number | null;
}

/** What a pipeline may take offence at, by the word of `--fail-on`. */
export const FINDINGS = {
  "no-code": ({ code }: LockDevice) => code === "none" || code === "unreadable",
  "not-escrowed": ({ escrow }: LockDevice) => escrow === null,
  stale: ({ escrow }: LockDevice) => escrow !== null && escrow.stale !== null,
  unreadable: ({ code }: LockDevice) => code === "unreadable",
} as const;

/** A word of `--fail-on`. */
export type Finding = keyof typeof FINDINGS;

/** The report with the devices that are wanted; its totals stay those of all. */
export function chooseDevices(report: ActivationLockReport, wanted: LockWanted): ActivationLockReport {
  const { noCode, notEscrowed, stale, notSeenDays } = wanted;
  const since = notSeenDays === null ? null : Date.parse(report.at) - notSeenDays * DAY_MS;
  const devices = report.devices.filter(
    (device) =>
      (!noCode || device.code === "none") &&
      (!notEscrowed || FINDINGS["not-escrowed"](device)) &&
      (!stale || FINDINGS.stale(device)) &&
      (since === null || device.lastSyncDateTime === null || Date.parse(device.lastSyncDateTime) < since),
  );
  const chosen = [
    ...(noCode ? ["no code"] : []),
    ...(notEscrowed ? ["not escrowed"] : []),
    ...(stale ? ["stale"] : []),
    ...(notSeenDays === null ? [] : [`no check-in for ${notSeenDays} days`]),
  ];
  return { ...report, chosen, devices };
}

/** How many of the report's devices each word finds; words that find none are left out. */
export function countFindings(report: ActivationLockReport, words: readonly Finding[]): ReadonlyMap<Finding, number> {
  const counts = words.map((word) => [word, report.devices.filter(FINDINGS[word]).length] as const);
  return new Map(counts.filter(([, found]) => found > 0));
}
