import { historyOf } from "../../providers/engine/history.ts";
import { describeStanding, type Standing, standingOf } from "../../providers/engine/standing.ts";
import type { KnownRequest } from "../support/known-requests.ts";
import type { Drift } from "./read-drifts.ts";

/** How one request stands. `--json` prints these; fields are only ever added. */
export interface StatusRow {
  readonly name: string;
  readonly generation: number;
  readonly standing: Standing;
  /** When it came to stand so: ISO 8601, UTC. */
  readonly since: string;
  readonly serialNumber: string | null;
  readonly deviceId: string | null;
  readonly deviceName: string | null;
  readonly ticket: string | null;
  readonly reason: string | null;
  readonly message: string;
  /** What the last refresh found since it was done; null where it found nothing. */
  readonly drift: Drift | null;
}

/** How one generation of a request stands, by its records and what the stack's state knows. */
export function rowOf({ key, name, generation, records }: KnownRequest, drifts: ReadonlyMap<string, Drift> = new Map()): StatusRow {
  const { begun, why, lastOutcome } = historyOf(records);
  const device = begun?.device ?? lastOutcome?.device ?? null;
  const telling = records.filter(({ kind }) => kind !== "edited");
  return {
    name,
    generation,
    standing: standingOf(records),
    since: telling.at(-1)?.at ?? records.at(-1)?.at ?? "",
    serialNumber: device?.serialNumber ?? begun?.plan.device.serialNumber ?? null,
    deviceId: begun?.plan.device.id ?? device?.id ?? null,
    deviceName: device?.deviceName ?? null,
    ticket: why?.ticket ?? null,
    reason: why?.reason ?? null,
    message: describeStanding(records),
    drift: drifts.get(key) ?? null,
  };
}
