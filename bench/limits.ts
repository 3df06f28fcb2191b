import { PulumiProject } from "../test/support/pulumi-project.ts";
import { graphOf, SETTINGS, settingsFor, writeRequests } from "./engine-stage.ts";
import type { LimitFigures } from "./figures.ts";
import type { Mode } from "./fleet.ts";
import { measureProcesses } from "./measure-processes.ts";
import { requireEnd } from "./operations.ts";

/** https://learn.microsoft.com/graph/throttling-limits#intune-service-limits */
const WRITES = 200;
const WINDOW_SECONDS = 20;

/** One `up` against a Graph with Intune's limits. */
export interface LimitCase {
  readonly mode: Mode;
  readonly requests: number;
  readonly writesOfEach: number;
  /** From the acceptance of an action to its result. */
  readonly deviceSeconds: number;
  readonly wait: string;
  /** Whether a request has to be ended in this run: a wiped device takes longer to be gone. */
  readonly ends: boolean;
}

export const LIMIT_CASES: readonly LimitCase[] = [
  { mode: "unlock-and-wipe", requests: 300, writesOfEach: 2, deviceSeconds: 0.1, wait: "1s", ends: false },
  { mode: "reset-passcode", requests: 600, writesOfEach: 1, deviceSeconds: 30, wait: "2m", ends: true },
];

/**
 * The first window's writes go at once, each further window's when it begins; the last device
 * reports later.
 */
export function allowedSeconds({ requests, writesOfEach, deviceSeconds }: LimitCase): number {
  const windows = Math.ceil((requests * writesOfEach) / WRITES);
  return (windows - 1) * WINDOW_SECONDS + deviceSeconds;
}

/** Runs one case through the real engine. Throws when the run fails. */
export async function runLimitCase(limit: LimitCase, graphDelay: number): Promise<LimitFigures> {
  const emulator = await graphOf({ size: limit.requests, graphDelay }, { throttle: {}, checkInDelayMs: limit.deviceSeconds * 1000 });
  const project = await PulumiProject.create({ graphEndpoint: emulator.url, ...settingsFor(limit.requests), wait: limit.wait });
  try {
    await writeRequests(project, limit.requests, limit.mode);
    const { result, usage } = await measureProcesses(() => project.run(["up", "--yes", "--skip-preview"], SETTINGS));
    requireEnd(result, `up of ${limit.requests} ${limit.mode}`);
    const resources = [...(await project.resources()).values()];
    const sent = emulator.actionCalls.filter(({ status }) => status !== 429).length;
    const unfinished = limit.ends
      ? resources.filter(({ outputs }) => outputs.outcome !== "succeeded").length
      : limit.requests - Math.floor(sent / limit.writesOfEach);
    return {
      name: limit.mode,
      requests: limit.requests,
      seconds: usage.seconds,
      allowedSeconds: allowedSeconds(limit),
      refused: emulator.requests.filter(({ status }) => status === 429).length,
      unfinished,
    };
  } finally {
    await project.remove();
    await emulator.close();
  }
}
