import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/graph/start-emulator.ts";
import type { PulumiProject } from "../test/support/pulumi-project.ts";
import { fleetOf, type Mode, requestFiles } from "./fleet.ts";
import type { Conditions, Stage, StepEnd } from "./operations.ts";

/** What `dlr up` sets besides; how many run at once comes with the environment of every run. */
export const SETTINGS = { PULUMI_SKIP_CHECKPOINTS: "true" };

/** Half of it pending, half active: so little that what is measured is the run. */
const CHECK_IN_MS = 100;

/** A stack of this program with an emulated Graph. */
export interface EngineParts {
  readonly emulator: Emulator;
  readonly project: PulumiProject;
}

/**
 * So many devices at a Graph that takes its time, without Intune's limits unless they are given.
 */
export function graphOf({ size, graphDelay }: Conditions, others: EmulatorOptions = {}): Promise<Emulator> {
  return startEmulator({ devices: fleetOf(size), latencyMs: graphDelay, checkInDelayMs: CHECK_IN_MS, throttle: "off", ...others });
}

/** The settings that let as many requests be performed as there are. */
export function settingsFor(size: number): Readonly<Record<string, string>> {
  return { wait: "10s", maxDestructive: String(size), maxDisruptive: String(size) };
}

/** Writes one list of all devices. */
export async function writeRequests(project: PulumiProject, size: number, mode: Mode): Promise<void> {
  for (const [name, text] of Object.entries(requestFiles(size, mode))) await project.write(name, text);
}

/** A stage of what was set up; closes both. */
export function stageOf({ emulator, project }: EngineParts, steps: Stage["steps"]): Stage {
  return {
    steps,
    graphCalls: () => emulator.requests.filter(({ batched }) => !batched).length,
    refused: () => emulator.requests.filter(({ status }) => status === 429).length,
    stateBytes: async () => {
      const resources = [...(await project.resources()).values()];
      return resources.length === 0 ? null : Math.round(JSON.stringify(resources).length / resources.length);
    },
    close: async () => {
      await project.remove();
      await emulator.close();
    },
  };
}

/** The engine's commands, as each contender with an engine runs them. */
export function engineSteps(run: (args: readonly string[]) => Promise<StepEnd>): Stage["steps"] {
  const preview = () => run(["preview"]);
  const up = () => run(["up", "--yes", "--skip-preview"]);
  return { preview, up, idlePreview: preview, idleUp: up, refresh: () => run(["refresh", "--yes", "--skip-preview"]) };
}
