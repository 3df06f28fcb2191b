import type { Standing } from "../../providers/engine/standing.ts";
import { parseTime } from "../support/parse-time.ts";
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
  const since = wanted.since === undefined ? null : parseTime("--since", wanted.since, now).from;
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
