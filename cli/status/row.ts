import { historyOf } from "../../providers/engine/history.ts";
import type { KnownRequest } from "../support/known-requests.ts";
import { describeStanding, type Standing, standingOf } from "../support/standing.ts";

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
}

/** How one generation of a request stands, by its records alone. */
export function rowOf({ name, generation, records }: KnownRequest): StatusRow {
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
  };
}
