import { LedgerError } from "../../domain/errors.ts";
import type { ActionLedger } from "../../domain/ports.ts";
import { FIND_LEDGER, whatLacks } from "../../rules/known-ledger-rules.ts";
import { knownIn } from "../known-in.ts";

/**
 * The same for one resource, in the process that sends: whatever the program saw, nothing is done
 * anew that state knows as done.
 */
export async function refuseForgotten(state: unknown, ledger: Pick<ActionLedger, "facts">): Promise<void> {
  const all = knownIn(state);
  if (all.length === 0) return;
  const facts = await ledger.facts();
  for (const known of all) {
    const [missing] = whatLacks(known, facts.recordsOf(known.key));
    if (missing !== undefined)
      throw new LedgerError(`the ledger lacks what was done for a request that this stack's state holds: ${missing}; nothing was sent`, {
        hint: FIND_LEDGER,
      });
  }
}
