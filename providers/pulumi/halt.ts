import type { ActionLedger, Ports } from "../domain/ports.ts";
import type { RunClock } from "../engine/job.ts";

/**
 * Ports and a clock that start nothing more once the engine is gone, as if the brake were set. What is under way is finished
 * and recorded; then the process ends, for nobody is left to tell.
 */
export function haltWithEngine(
  ports: Ports,
  clock: RunClock,
): { readonly ports: Ports; readonly clock: RunClock; readonly engineIsGone: () => void } {
  let isGone = false;
  let busy = 0;
  const endWhenIdle = () => {
    if (isGone && busy === 0) process.exit(1);
  };
  const ledger: ActionLedger = {
    read: () => ports.ledger.read(),
    recordsOf: (key) => ports.ledger.recordsOf(key),
    append: (record) => ports.ledger.append(record),
    appendUnless: (record, objection) => ports.ledger.appendUnless(record, objection),
    facts: () => ports.ledger.facts(),
    brake: async (deviceId) => (isGone ? "the Pulumi engine of this run is gone" : ports.ledger.brake(deviceId)),
    withDevice: async (deviceId, work) => {
      busy++;
      try {
        return await ports.ledger.withDevice(deviceId, work);
      } finally {
        busy--;
        endWhenIdle();
      }
    },
  };
  return {
    ports: { ...ports, ledger },
    clock: { start: () => clock.start(), timeLeft: () => (isGone ? 0 : clock.timeLeft()) },
    engineIsGone: () => {
      isGone = true;
      endWhenIdle();
    },
  };
}
