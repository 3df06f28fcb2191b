import type { Clock } from "../../providers/domain/ports.ts";
import { describeWorld, type World } from "../../providers/domain/world.ts";
import type { OpenedLedger } from "../../providers/ledger/open-ledger.ts";
import { timestamp } from "../../providers/support/system-clock.ts";

/**
 * Makes the ledger, and writes down whose devices it is about, where that is known: otherwise the
 * first run does. Gives the line that tells people. Throws `LedgerError` where there is one.
 */
export async function createLedger(
  ledger: Pick<OpenedLedger, "create" | "append" | "describe">,
  world: World | null,
  clock: Pick<Clock, "now">,
): Promise<string> {
  await ledger.create();
  if (world !== null) await ledger.append({ kind: "world", at: timestamp(clock), ...world });
  return `made an empty ${ledger.describe()}${world === null ? "" : `, for the devices of ${describeWorld(world)}`}`;
}
