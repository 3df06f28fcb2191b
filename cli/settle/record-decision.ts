import { ConfigurationError } from "../../providers/domain/errors.ts";
import type { ActionLedger } from "../../providers/domain/ports.ts";
import { operator } from "../support/operator.ts";
import { systemClock, timestamp } from "../support/system-clock.ts";
import type { Decision } from "./decision.ts";
import { attemptOf, type Doubt, deviceOf, findDoubt, isSameDoubt } from "./find-doubt.ts";

/**
 * The step is looked at again under the device's lock: nobody settles what a run has found out
 * meanwhile.
 */
export async function recordDecision(ledger: ActionLedger, key: string, seen: Doubt, decision: Decision): Promise<void> {
  await ledger.withDevice(deviceOf(seen).id, async () => {
    const now = findDoubt(await ledger.recordsOf(key));
    if (now.kind !== "doubt" || !isSameDoubt(now.doubt, seen)) {
      throw new ConfigurationError(`${key} stands otherwise now: nothing was recorded for it`, { hint: "run the command again" });
    }
    const about = { step: seen.step.index, attempt: attemptOf(seen) };
    await ledger.append({ kind: "settled", key, at: timestamp(systemClock), ...about, who: operator(), ...decision });
  });
}
