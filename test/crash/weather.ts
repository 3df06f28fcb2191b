import type { FaultSpec } from "../../emulator/graph/faults/fault-spec.ts";
import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import type { Weather } from "./points.ts";

/** The read of the code is the last look before the wipe; the first one escrows it. */
const LAST_LOOK = { call: "readCode", nth: 2 } as const;

const FAULTS: Readonly<Record<Weather, readonly FaultSpec[]>> = {
  fair: [],
  throttled: [{ call: "wipe", nth: [1, 2], effect: { kind: "status", status: 429, retryAfter: 1 } }],
  misdirected: [{ call: "wipe", nth: 1, effect: { kind: "status", status: 421 } }],
  slowLook: [{ ...LAST_LOOK, effect: { kind: "slow", delayMs: 7_000 } }],
  hiddenLook: [{ ...LAST_LOOK, effect: { kind: "status", status: 403 } }],
};

/** Sets what is wrong with Graph; gives the way to end it. */
export function setWeather(weather: Weather, emulator: Emulator): () => void {
  const handles = FAULTS[weather].map((fault) => emulator.setFault(fault));
  return () => {
    for (const handle of handles) handle.remove();
  };
}
