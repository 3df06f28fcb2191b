import { ConfigurationError } from "../../providers/domain/errors.ts";
import { openLedgerOf } from "../support/open-stores.ts";
import { operator } from "../support/operator.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import { type StoreOptions, storeFlags } from "../support/store-locations.ts";
import { listStops } from "./choose-stops.ts";

/** `npm run stop`: one more stop, beside those that others set. */
export async function stop(words: readonly string[], options: StoreOptions): Promise<void> {
  const reason = words.join(" ").trim();
  if (reason === "") throw new ConfigurationError("a stop needs a reason", { hint: `npm run stop -- REASON${storeFlags(options)}` });
  const ledger = await openLedgerOf(options, PROJECT_FOLDER);
  await ledger.setBrake("stop", operator(), reason);
  const stops = await ledger.stops();
  console.log(`stopped: nothing more is sent by runs that use the ${ledger.describe()}`);
  console.error(`what is set, and takes it away:\n${listStops(stops, storeFlags(options))}`);
}
