import { ConfigurationError } from "../../providers/domain/errors.ts";
import { tellBrake } from "../notify/tell-brake.ts";
import { commandWriter } from "../support/command-writer.ts";
import { openLedgerOf } from "../support/open-stores.ts";
import { operator } from "../support/operator.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import type { StoreOptions } from "../support/store-locations.ts";
import { requireNamed, wordsOf } from "../support/words-of.ts";
import { listStops } from "./choose-stops.ts";
import { stopAll } from "./stop-all.ts";

/** What `stop` was given: the ledger of one stack, or `all` of the project's. */
export interface StopOptions extends StoreOptions {
  readonly all?: true;
}

/** `dlr stop`: one more stop, beside those that others set. */
export async function stop(said: readonly string[], { all, ...flags }: StopOptions): Promise<void> {
  if (all) return stopAll(reasonIn(said, flags), flags);
  const { options, words } = await wordsOf("stop", said, { needed: 1, most: 1, isText: true }, flags);
  const reason = reasonIn(words, options);
  const command = commandWriter(options);
  requireNamed(options, commandWriter({ stack: "STACK" })("stop", reason));
  const ledger = await openLedgerOf(options, PROJECT_FOLDER);
  await ledger.setBrake("stop", operator(), reason);
  const stops = await ledger.stops();
  console.log(`stopped: nothing more is sent by runs that use the ${ledger.describe()}`);
  console.error(`what is set, and takes it away:\n${listStops(stops, command)}`);
  await tellBrake({ state: "set", reason }, options.stack ?? ledger.describe(), process.env);
}

function reasonIn(words: readonly string[], options: StoreOptions): string {
  const reason = words.join(" ").trim();
  if (reason !== "") return reason;
  throw new ConfigurationError("a stop needs a reason", { hint: commandWriter(options)("stop", "REASON") });
}
