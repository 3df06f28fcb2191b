import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { openLedgerOf } from "./open-stores.ts";
import { operator } from "./operator.ts";
import { PROJECT_FOLDER } from "./project-folder.ts";
import type { StoreOptions } from "./store-locations.ts";

/** `npm run stop` and `npm run resume`. */
export async function setBrake(state: "stop" | "resume", reason: string, options: StoreOptions): Promise<void> {
  if (state === "stop" && reason.trim() === "") throw new ConfigurationError("a stop needs a reason", { hint: "npm run stop -- REASON" });
  const ledger = await openLedgerOf(options, PROJECT_FOLDER);
  const before = await ledger.brake();
  await ledger.setBrake(state, operator(), reason.trim());
  if (state === "stop") {
    console.log(`stopped: nothing more is sent by runs that use the ${ledger.describe()}; \`npm run resume\` clears it`);
  } else {
    console.log(before === null ? "the brake was not set" : `resumed; the brake was: ${printable(before)}`);
  }
}
