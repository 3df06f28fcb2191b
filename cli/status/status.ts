import { printable, printableJson } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { count } from "../../providers/support/words.ts";
import { allRecords } from "../support/all-records.ts";
import { type CommandWriter, commandWriter } from "../support/command-writer.ts";
import { type KnownRequest, knownRequests, nearName, newestGenerations, requestsNamed } from "../support/known-requests.ts";
import { openLedgerOfStack, pulumiOf } from "../support/open-stores.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import type { StoreOptions } from "../support/store-locations.ts";
import { terminalWidth } from "../support/table.ts";
import { wordsOf } from "../support/words-of.ts";
import { chooseRows, type Wanted } from "./choose-rows.ts";
import { readDrifts } from "./read-drifts.ts";
import { renderRows } from "./render-rows.ts";
import { rowOf } from "./row.ts";

interface Flags extends StoreOptions, Wanted {
  readonly json?: true;
}

/** `dlr status`: how every request stands, by ledger and state. Asks Graph nothing. */
export async function status(said: readonly string[], told: Flags): Promise<void> {
  const { options, words } = await wordsOf("status", said, { needed: 0, most: 1 }, told);
  const [name] = words;
  const { ledger, stack } = await openLedgerOfStack(options, PROJECT_FOLDER);
  const known = knownRequests(await allRecords(ledger));
  const command = commandWriter(options);
  const asked = newestGenerations(named(name, known, command));
  const drifts = stack === null ? new Map() : await readDrifts(stack, await pulumiOf(PROJECT_FOLDER, process.env));
  const rows = chooseRows(
    asked.map((request) => rowOf(request, drifts)),
    options,
    systemClock.now(),
  );
  if (options.json) return console.log(printableJson(rows));
  if (rows.length === 0) return console.error(known.length === 0 ? "nothing was done yet" : "no request stands so");
  const isFolded = name === undefined && !isNarrowed(options);
  for (const line of renderRows(rows, isFolded, terminalWidth())) console.log(line);
  console.error(printable(`${count(rows.length, "request")}; the whole of one: ${command("ledger show", "NAME")}`));
}

/** A list is one line as long as nobody asks for some of its devices. */
function isNarrowed({ failed, waiting, drifted, since, device, ticket }: Wanted): boolean {
  return [failed, waiting, drifted].includes(true) || [since, device, ticket].some((word) => word !== undefined);
}

function named(name: string | undefined, known: readonly KnownRequest[], command: CommandWriter): readonly KnownRequest[] {
  if (name === undefined) return known;
  const { own, members } = requestsNamed(name, known);
  if (own.length + members.length > 0) return [...own, ...members];
  throw new ConfigurationError(
    printable(`${JSON.stringify(name)} is no stack, and the ledger knows no request and no list of that name${nearName(name, known)}`),
    {
      hint: `${command("status")} lists them; a request that no run has begun is not in it`,
    },
  );
}
