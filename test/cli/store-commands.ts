import { join } from "node:path";
import { jest } from "@jest/globals";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { openLedger } from "../../providers/ledger/open-ledger.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { testClock } from "../support/test-clock.ts";
import { type Ended, SpawnedCommand } from "./spawned-command.ts";

/** Each command is a process of its own, on a machine that does other things too. */
jest.setTimeout(60_000);

/** Runs one of our npm scripts to its end, on a machine without CI and without credentials. */
export function run(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new SpawnedCommand(name, args, { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", npm_lifecycle_event: name, ...env })
    .ended;
}

let count = 0;

/** A folder for a ledger, its place as a command takes it, and a door to it. */
export async function ledgerPlace() {
  const folder = join(await temporaryFolder(), "ledger");
  const place = `file:${folder}`;
  const open = () =>
    openLedger({ location: place, root: "/", isLoopbackGraph: false, clock: testClock(), uuid: () => `uuid-${count++}`, waitMs: 200 });
  return {
    folder,
    place,
    open,
    write: async (records: readonly RequestRecord[]) => {
      const ledger = open();
      await ledger.create();
      for (const record of records) await ledger.append(record);
      await ledger.close();
    },
    records: async () => (await open().read()).records.filter((record): record is RequestRecord => "key" in record),
  };
}

/** What a person must never be shown. */
export const STACK_TRACE = /^\s+at .+:\d+:\d+/m;
