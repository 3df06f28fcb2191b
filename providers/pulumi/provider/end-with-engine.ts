import type { ActionLedger, Ports } from "../../domain/ports.ts";
import { RUN_INTERRUPTED } from "../../domain/run-interrupted.ts";
import type { RunClock } from "../../engine/job.ts";
import { type ProcessEnd, processEnd } from "./process-end.ts";

const GONE = "the Pulumi engine of this run is gone";

/**
 * Ports and a clock that start nothing more once the engine is gone, as if the brake were set. What
 * is under way is finished and recorded; then the process ends, for nobody is left to tell. `lives`
 * is asked whenever the brake is, and after it: the last thing before a call goes. An engine that
 * was interrupted waits for all that it has started, which may be every request of the run: nothing
 * more is sent then either, and what was sent is followed as ever.
 */
export function endWithEngine(
  ports: Ports,
  clock: RunClock,
  lives: () => Promise<boolean>,
  end: ProcessEnd = processEnd,
): { readonly ports: Ports; readonly clock: RunClock; readonly engineIsGone: () => void; readonly interrupt: () => void } {
  let isGone = false;
  let isInterrupted = false;
  const engineIsGone = () => {
    isGone = true;
    end.onceIdle();
  };
  const ledger: ActionLedger = {
    read: () => ports.ledger.read(),
    recordsOf: (key) => ports.ledger.recordsOf(key),
    append: (record) => ports.ledger.append(record),
    appendUnless: (record, objection) => ports.ledger.appendUnless(record, objection),
    facts: () => ports.ledger.facts(),
    brake: async (deviceId) => {
      if (isGone) return GONE;
      const reason = await ports.ledger.brake(deviceId);
      if (!(await lives())) engineIsGone();
      if (isGone) return GONE;
      return isInterrupted ? RUN_INTERRUPTED : reason;
    },
    withDevice: (deviceId, work) => end.after(() => ports.ledger.withDevice(deviceId, work)),
  };
  return {
    ports: { ...ports, ledger },
    clock: { start: () => clock.start(), timeLeft: () => (isGone ? 0 : clock.timeLeft()) },
    engineIsGone,
    interrupt: () => {
      isInterrupted = true;
    },
  };
}
