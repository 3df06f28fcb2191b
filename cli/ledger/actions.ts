import { printable, printableJson } from "../../providers/domain/diagnostic.ts";
import type { LedgerRecord, RequestRecord } from "../../providers/domain/ledger-record.ts";
import { requestNameOf } from "../../providers/domain/request.ts";
import type { OpenedLedger } from "../../providers/ledger/open-ledger.ts";
import { missingLedger, openLedgerOf } from "../support/open-stores.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import { renderRequest, renderSettings } from "../support/render-records.ts";
import type { StoreOptions } from "../support/store-locations.ts";

export async function init(options: StoreOptions): Promise<void> {
  const ledger = await openLedgerOf(options, PROJECT_FOLDER);
  await ledger.create();
  console.log(`made an empty ${ledger.describe()}`);
  await tellBrake(ledger);
  console.error("keep it: back it up, and do not remove it while its requests are in use");
}

export async function show(name: string | undefined, options: StoreOptions & { readonly json?: true }): Promise<void> {
  const ledger = await openLedgerOf(options, PROJECT_FOLDER);
  const records = await allRecords(ledger);
  const requests = byKey(records, name);
  if (options.json) {
    console.log(printableJson(name === undefined ? records : [...requests.values()].flat()));
    return;
  }
  if (requests.size === 0) console.log(name === undefined ? "nothing was done yet" : `nothing was done yet for ${printable(name)}`);
  for (const [key, ofRequest] of requests) console.log(renderRequest(key, ofRequest));
  if (name === undefined) for (const line of renderSettings(records)) console.log(line);
  await tellBrake(ledger);
}

export async function verify(options: StoreOptions): Promise<void> {
  const ledger = await openLedgerOf(options, PROJECT_FOLDER);
  const records = await allRecords(ledger);
  const requests = byKey(records, undefined);
  console.log(`every line of the ${ledger.describe()} is sound: records ${records.length}, requests ${requests.size}`);
  const { tornBytes } = await ledger.inspect();
  if (tornBytes > 0) console.log(`behind them lie ${tornBytes} bytes that a crash left; the next run keeps them aside and goes on`);
  await tellBrake(ledger);
}

async function tellBrake(ledger: OpenedLedger): Promise<void> {
  const brake = await ledger.brake();
  if (brake !== null) console.log(`THE BRAKE IS SET: ${printable(brake)}`);
}

async function allRecords(ledger: OpenedLedger): Promise<readonly LedgerRecord[]> {
  const { exists, records } = await ledger.read();
  if (!exists) throw missingLedger(ledger);
  return records;
}

function byKey(records: readonly LedgerRecord[], name: string | undefined): ReadonlyMap<string, readonly RequestRecord[]> {
  const requests = records.filter((record): record is RequestRecord => "key" in record);
  const asked = requests.filter((record) => name === undefined || record.key === name || requestNameOf(record.key) === name);
  return Map.groupBy(asked, (record) => record.key);
}
