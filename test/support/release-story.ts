import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import type { PulumiProject, PulumiRun } from "./pulumi-project.ts";

/**
 * What one release began and the next goes on with: requests that the first `up` leaves in one
 * state each.
 */
const STEPS = {
  wiped: "playbook: unlock-and-wipe",
  escrowed: "playbook: escrow-bypass-code",
  gone: "playbook: unlock-and-wipe",
  reporting: "steps: [rebootNow, { waitFor: done }, syncDevice]",
  unsure: "playbook: unlock-and-wipe",
  refused: "playbook: unlock-and-wipe",
  late: "playbook: unlock-and-wipe",
  asked: "playbook: retire",
} as const;

export type StoryName = keyof typeof STEPS;

const STORY_NAMES = Object.keys(STEPS) as readonly StoryName[];

/** How the old release leaves them. */
export const LEFT = {
  wiped: "succeeded",
  escrowed: "succeeded",
  gone: "pending",
  reporting: "pending",
  unsure: "ambiguous",
  refused: "failed",
  late: "expired",
  asked: "awaitingApproval",
} as const satisfies Record<StoryName, string>;

export const serialOf = (name: StoryName) => `DMP${name.toUpperCase()}`;

export const STORY_DEVICES = STORY_NAMES.map((name) => ({ serialNumber: serialOf(name), operatingSystem: "iPadOS", isSupervised: true }));

/** Only what asks for approval asks: the others are sent at once. */
export const STORY_EMULATOR = { checkInDelayMs: 100, approvals: { actions: ["retire"] } } as const;

export const STORY_CONFIG = { wait: "6s", maxDestructive: 50 } as const;

/** One file, the same for both releases; far from its day of expiry, or far past it. */
const STORY_REQUESTS = `requests:\n${STORY_NAMES.map(requestOf).join("")}`;

function requestOf(name: StoryName): string {
  return `  - name: ${name}
    device: { serialNumber: ${serialOf(name)} }
    ${STEPS[name]}
    reason: Leaver returned the iPad
    ticket: INC-4711
    expires: ${name === "late" ? "2020-12-31" : "2099-12-31"}
    acknowledge: [dataLoss, physicalPossession]
`;
}

/** The first `up`, by the old release. */
export async function upOfRelease(project: PulumiProject, emulator: Emulator): Promise<PulumiRun> {
  emulator.setFault({ device: serialOf("gone"), call: "wipe", effect: { kind: "result", state: "never" } });
  emulator.setFault({ device: serialOf("reporting"), call: "rebootNow", effect: { kind: "result", state: "never" } });
  emulator.setFault({ device: serialOf("unsure"), call: "wipe", effect: { kind: "result", state: "never" } });
  emulator.setFault({ device: serialOf("unsure"), call: "wipe", effect: { kind: "reset", applied: false } });
  emulator.setFault({ device: serialOf("refused"), call: "wipe", effect: { kind: "status", status: 403 } });
  await project.write("requests/a.yaml", STORY_REQUESTS);
  const run = await project.up();
  emulator.clearFaults();
  return run;
}

export async function outcomesOf(project: PulumiProject): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries([...(await project.resources())].map(([name, { outputs }]) => [name, outputs.outcome]));
}

/** What was sent, by request: `["unsure wipe", …]`, in a fixed order. */
export function sentFor(emulator: Emulator, since: number): readonly string[] {
  const nameOf = (serial: string | null) => STORY_NAMES.find((name) => serialOf(name) === serial) ?? serial;
  const calls = emulator.requests.slice(since).filter(({ kind }) => kind === "action");
  return calls.map(({ action, serialNumber }) => `${nameOf(serialNumber)} ${action}`).sort();
}
