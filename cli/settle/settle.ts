import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { allRecords } from "../support/all-records.ts";
import { commandWriter } from "../support/command-writer.ts";
import { type KnownRequest, knownRequests, nearName, ofGeneration, requestsNamed } from "../support/known-requests.ts";
import { openLedgerOf } from "../support/open-stores.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import type { StoreOptions } from "../support/store-locations.ts";
import { requireNamed, wordsOf } from "../support/words-of.ts";
import { type DecisionFlags, parseDecision } from "./decision.ts";
import { settleList } from "./settle-list.ts";
import { settleOne } from "./settle-one.ts";
import type { Settling } from "./settling.ts";

interface Flags extends StoreOptions, DecisionFlags {
  readonly generation?: string;
}

/**
 * Without a decision it only shows what is in doubt. Throws `ConfigurationError` for half a
 * decision.
 */
export async function settle(said: readonly string[], told: Flags): Promise<void> {
  const decision = parseDecision(told);
  const generation = parseGeneration(told.generation);
  const { options: flags, words } = await wordsOf("settle", said, { needed: 1, most: 1 }, told);
  const [name = ""] = words;
  requireNamed(flags, commandWriter({ stack: "STACK" })("settle", name));
  const ledger = await openLedgerOf(flags, PROJECT_FOLDER);
  try {
    await settleNamed(name, { ledger, decision, generation, saidYes: flags.yes === true, command: commandWriter(flags) });
  } finally {
    await ledger.close();
  }
}

/** A request goes before a list of the same name. */
async function settleNamed(name: string, settling: Settling): Promise<void> {
  const { generation } = settling;
  const known = knownRequests(await allRecords(settling.ledger));
  const { own, members } = requestsNamed(name, known);
  if (own.length + members.length === 0) throw unknown(name, known, settling);
  const [one] = ofGeneration(own, generation);
  if (one !== undefined) return settleOne(one, { ...settling, generation: name === one.key ? one.generation : generation });
  const some = ofGeneration(members, generation);
  if (some.length > 0) return settleList(name, some, settling);
  throw new ConfigurationError(`the ledger knows no generation ${generation} of ${JSON.stringify(name)}`, {
    hint: printable(settling.command("ledger show", name)),
  });
}

function parseGeneration(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  throw new ConfigurationError(`--generation ${JSON.stringify(text)} is not a whole number from 1 on`);
}

function unknown(name: string, known: readonly KnownRequest[], { ledger, command }: Settling): ConfigurationError {
  const text = `the ledger knows no request and no list ${JSON.stringify(name)}${nearName(name, known)}`;
  const hint = printable(`${command("ledger show")} lists what was done, here in the ${ledger.describe()}`);
  return new ConfigurationError(text, { hint });
}
