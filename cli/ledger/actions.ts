import { printable } from "../../providers/domain/diagnostic.ts";
import type { Inspected } from "../../providers/ledger/ledger-store.ts";
import type { OpenedLedger } from "../../providers/ledger/open-ledger.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { allRecords } from "../support/all-records.ts";
import { createLedger } from "../support/create-ledger.ts";
import { knownRequests } from "../support/known-requests.ts";
import { newLedgerOf, openLedgerOf } from "../support/open-stores.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import type { StoreOptions } from "../support/store-locations.ts";
import { wordsOf } from "../support/words-of.ts";

/** Throws `LedgerError` where there is a ledger already: none is ever made over another. */
export async function init(said: readonly string[], flags: StoreOptions): Promise<void> {
  const { options } = await wordsOf("ledger", said, { needed: 0, most: 0 }, flags);
  const { ledger, world } = await newLedgerOf(options, PROJECT_FOLDER);
  console.log(await createLedger(ledger, world, systemClock));
  await tellBrake(ledger);
  console.error("keep it: back it up, and do not remove it while its requests are in use");
}

/**
 * Reads every line and prints how many; throws `LedgerError` at the first that was changed or cut.
 */
export async function verify(said: readonly string[], flags: StoreOptions): Promise<void> {
  const { options } = await wordsOf("ledger", said, { needed: 0, most: 0 }, flags);
  const ledger = await openLedgerOf(options, PROJECT_FOLDER);
  const records = await allRecords(ledger);
  console.log(`every line of the ${ledger.describe()} is sound: records ${records.length}, requests ${knownRequests(records).length}`);
  const { tornBytes, index } = await ledger.inspect();
  if (tornBytes > 0) console.log(`behind them lie ${tornBytes} bytes that a crash left; the next run keeps them aside and goes on`);
  if (index !== null) console.log(describeIndex(index));
  await tellBrake(ledger);
}

function describeIndex(index: NonNullable<Inspected["index"]>): string {
  if ("lines" in index) return `its index is what these lines give: lines covered ${index.lines}`;
  return `its index is of no use (${index.problem}): runs read every line instead, and the next one that sends makes a new index`;
}

async function tellBrake(ledger: OpenedLedger): Promise<void> {
  const brake = await ledger.brake();
  if (brake !== null) console.log(`THE BRAKE IS SET: ${printable(brake)}`);
}
