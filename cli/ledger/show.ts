import { printable, printableJson } from "../../providers/domain/diagnostic.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { listName } from "../../providers/domain/request.ts";
import { allRecords } from "../support/all-records.ts";
import { type CommandWriter, commandWriter } from "../support/command-writer.ts";
import { isMember, type KnownRequest, knownRequests, nearName, requestsNamed } from "../support/known-requests.ts";
import { openLedgerOf } from "../support/open-stores.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import { renderTally, renderUndone } from "../support/render-fold.ts";
import { renderRequest, renderSettings, renderWorld } from "../support/render-request.ts";
import type { StoreOptions } from "../support/store-locations.ts";
import { wordsOf } from "../support/words-of.ts";

interface Flags extends StoreOptions {
  readonly json?: true;
  readonly all?: true;
}

/**
 * Prints the named request, or all of them, members of a list as a tally unless `all` is set; it
 * writes nothing.
 */
export async function show(said: readonly string[], told: Flags): Promise<void> {
  const { options: flags, words } = await wordsOf("ledger", said, { needed: 0, most: 1 }, told);
  const [name] = words;
  const ledger = await openLedgerOf(flags, PROJECT_FOLDER);
  const records = await allRecords(ledger);
  if (flags.json) return console.log(printableJson(asJson(name, records)));
  const command = commandWriter(flags);
  const lines = name === undefined ? renderAll(records, flags, command) : renderNamed(name, knownRequests(records), flags, command);
  for (const line of lines) console.log(line);
  const brake = await ledger.brake();
  if (brake !== null) console.log(`THE BRAKE IS SET: ${printable(brake)}`);
}

function asJson(name: string | undefined, records: readonly LedgerRecord[]): readonly LedgerRecord[] {
  if (name === undefined) return records;
  const { own, members } = requestsNamed(name, knownRequests(records));
  return [...own, ...members].flatMap((request) => request.records);
}

function renderAll(records: readonly LedgerRecord[], flags: Flags, command: CommandWriter): readonly string[] {
  const known = knownRequests(records);
  const requests = flags.all ? known.map(inFull) : [...Map.groupBy(known, placeOf).values()].flatMap((some) => renderPlace(some, command));
  return [...(known.length === 0 ? ["nothing was done yet"] : requests), ...renderWorld(records), ...renderSettings(records)];
}

function renderNamed(name: string, known: readonly KnownRequest[], { all }: Flags, command: CommandWriter): readonly string[] {
  const { own, members } = requestsNamed(name, known);
  if (own.length + members.length === 0) return [printable(`nothing was done yet for ${name}${nearName(name, known)}`)];
  if (all || members.length === 0) return [...own, ...members].map(inFull);
  const hint = `every record of each: ${command("ledger show", name, "--all")}`;
  return [...own.map(inFull), renderTally(name, members), ...renderUndone(members), printable(hint)];
}

/** Members of a list stand together, where the first of them was begun. */
function placeOf(request: KnownRequest): string {
  return isMember(request) ? `list ${listName(request.name)}` : request.key;
}

/** More than this, and a list is looked at by its name. */
const MOST_UNDONE = 10;

function renderPlace(requests: readonly KnownRequest[], command: CommandWriter): readonly string[] {
  const [first] = requests;
  if (first === undefined || !isMember(first)) return requests.map(inFull);
  const list = listName(first.name);
  const undone = renderUndone(requests);
  const more = undone.length - MOST_UNDONE;
  const rest = more > 0 ? [printable(`  and ${more} more: ${command("ledger show", list)}`)] : [];
  return [renderTally(list, requests), ...undone.slice(0, MOST_UNDONE), ...rest];
}

function inFull({ key, records }: KnownRequest): string {
  return renderRequest(key, records);
}
