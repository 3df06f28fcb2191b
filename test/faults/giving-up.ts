import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import { createWire, type Wire } from "../../providers/graph/client/wire.ts";

/**
 * A wire whose time is over as soon as the emulator has decided to stay silent: a hang ends as a
 * time-out does, and no test waits for one or depends on how quick the machine is. Only for a
 * Graph that hangs and does nothing worse.
 */
export function givingUp(emulator: Emulator): Wire {
  const wire = createWire();
  const underWay = new Map<string, AbortController>();
  emulator.on("unanswered", ({ headers }) => {
    underWay.get(headers["client-request-id"] ?? "")?.abort(new DOMException("the time is over", "TimeoutError"));
  });
  return async (request) => {
    const id = request.headers["client-request-id"] ?? "";
    const controller = new AbortController();
    underWay.set(id, controller);
    try {
      return await wire({ ...request, signal: controller.signal });
    } finally {
      underWay.delete(id);
    }
  };
}
