import { guidFrom } from "../../emulator/derive.ts";
import type { EmulatedDevice, Emulator } from "../../emulator/start-emulator.ts";
import type { PulumiProject, PulumiRun } from "./pulumi-project.ts";

/** What one release began and the next goes on with: requests that the first `up` leaves in one state each. */
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

export const STORY_NAMES = Object.keys(STEPS) as readonly StoryName[];

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

/** What is at rest: the next run has nothing to do with it. */
export const AT_REST = ["wiped", "escrowed", "refused", "late"] as const satisfies readonly StoryName[];

export const serialOf = (name: StoryName) => `DMP${name.toUpperCase()}`;

/** Throw-away codes of emulated devices. */
const codeOf = (name: StoryName) => `THROW-AWAY-${name.toUpperCase()}-CODE`;

export const STORY_CODES = STORY_NAMES.map(codeOf);

/** The same devices for every emulator; `changes` by name. */
export function storyDevice(name: StoryName, changes: EmulatedDevice = {}): EmulatedDevice {
  return {
    id: guidFrom(`device of the release story: ${name}`),
    serialNumber: serialOf(name),
    operatingSystem: "iPadOS",
    isSupervised: true,
    enrolledDateTime: "2026-01-12T09:30:00Z",
    activationLockBypassCode: codeOf(name),
    ...changes,
  };
}

/** Only what asks for approval asks: the others are sent at once. */
export const STORY_EMULATOR = { checkInDelayMs: 100, approvals: { actions: ["retire"] } } as const;

export const STORY_CONFIG = { wait: "6s", maxDestructive: 50 } as const;

/** One file, the same for both releases; far from its day of expiry, or far past it. */
export const STORY_REQUESTS = `requests:\n${STORY_NAMES.map(requestOf).join("")}`;

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

/** The records of an action that the device reports only once the new release runs. */
const REBOOTED = [
  {
    actionName: "rebootNow",
    actionState: "done",
    startDateTime: "2026-11-27T12:00:00Z",
    lastUpdatedDateTime: "2026-11-27T12:00:05Z",
  },
];

/** The devices as the new release finds them: the wiped ones have left Intune, and one reports at last. */
export function devicesAfterwards(): readonly EmulatedDevice[] {
  const present = STORY_NAMES.filter((name) => name !== "wiped" && name !== "gone");
  return present.map((name) => storyDevice(name, name === "reporting" ? { deviceActionResults: REBOOTED } : {}));
}

/** Asks for what `asked` waits for, as an emulator that begins anew was not asked yet; gives the id that it has. */
export async function askAgain(emulator: Emulator): Promise<string> {
  const headers = { authorization: "Bearer emulator", "x-msft-approval-justification": Buffer.from("as before").toString("base64") };
  const url = `${emulator.url}/v1.0/deviceManagement/managedDevices/${emulator.device(serialOf("asked")).id}/retire`;
  const answer = await fetch(url, { method: "POST", headers });
  return answer.headers.get("x-msft-approval-code") ?? `answered ${answer.status}`;
}

/** What was sent, by request: `["unsure wipe", …]`, in a fixed order. */
export function sentFor(emulator: Emulator, since: number): readonly string[] {
  const nameOf = (serial: string | null) => STORY_NAMES.find((name) => serialOf(name) === serial) ?? serial;
  const calls = emulator.requests.slice(since).filter(({ kind }) => kind === "action");
  return calls.map(({ action, serialNumber }) => `${nameOf(serialNumber)} ${action}`).sort();
}
