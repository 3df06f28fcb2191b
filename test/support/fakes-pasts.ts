import fc from "fast-check";
import { isRepeatable } from "../../providers/domain/actions/action-table.ts";
import { EscrowError } from "../../providers/domain/errors.ts";
import { ACTION_STATES, type DeviceActionResult, type ManagedDevice } from "../../providers/domain/managed-device.ts";
import type { LifecycleRequest } from "../../providers/domain/request.ts";
import type { Job, Report } from "../../providers/engine/job.ts";
import { findStepProblems } from "../../providers/request/checks/check-steps.ts";
import { CODE, World } from "./fakes.ts";
import { ANDROID, IPAD, MAC, UNSUPERVISED_IPAD } from "./fakes-devices.ts";
import { Crash, type Fault } from "./fakes-faults.ts";
import {
  ACCEPTED,
  APPROVAL_REQUIRED,
  LOST_AFTER,
  LOST_BEFORE,
  REFUSED,
  type ScriptedAnswer,
  SIGN_IN_REQUIRED,
  THROTTLED,
} from "./fakes-graph.ts";
import { jobOf, lifecycleRequest, stepSpec } from "./fakes-requests.ts";

export const HOUR = 3_600_000;
const ACTIONS = ["bypassActivationLock", "resetPasscode", "wipe", "retire", "syncDevice", "remoteLock"] as const;

/**
 * Things that happen to a device, its tenant or our stores between two runs, or while a run waits.
 */
export const EVENTS = {
  nothing: () => undefined,
  leaves: (world: World, { plan }: Job) => world.graph.remove(plan.device.id),
  isEnrolledAnew: (world: World, { plan }: Job) =>
    world.graph.enrolAnew(plan.device.id, new Date(world.clock.now()).toISOString(), `${CODE}-ANEW`),
  changesItsCode: (world: World, { plan }: Job) => world.graph.setCode(plan.device.id, `${CODE}-${world.clock.now()}`),
  losesItsCode: (world: World, { plan }: Job) => world.graph.setCode(plan.device.id, null),
  isWipedElsewhere: (world: World, { plan }: Job) => world.graph.startElsewhere(plan.device.id, "wipe"),
  isLockedElsewhere: (world: World, { plan }: Job) => world.graph.startElsewhere(plan.device.id, "remoteLock"),
  becomesSupervised: (world: World, { plan }: Job) => world.graph.change(plan.device.id, { isSupervised: true }),
  fallsSilent: (world: World) => {
    world.graph.isSilent = !world.graph.isSilent;
  },
  waitsADay: (world: World) => world.clock.advance(24 * HOUR),
  ourClockIsSetBack: (world: World) => world.clock.advance(-3 * HOUR),
  ourClockIsWrong: (world: World) => setOurClock(world, 10 * 24 * HOUR),
  ourClockIsSlow: (world: World) => setOurClock(world, -3 * HOUR),
  ourClockIsRight: (world: World) => setOurClock(world, 0),
  graphTellsNoTime: (world: World) => {
    world.graph.tellsTime = false;
  },
  graphTellsItsTime: (world: World) => {
    world.graph.tellsTime = true;
  },
  theBrakeIsSet: (world: World) => world.ledger.setBrake("stop"),
  theBrakeIsCleared: (world: World) => world.ledger.setBrake(null),
  escrowFails: (world: World) => {
    world.escrow.isDown = true;
  },
  escrowIsBack: (world: World) => {
    world.escrow.isDown = false;
  },
  aPersonSettlesIt: (world: World, job: Job) => world.settle(job),
} as const;

/** Only our own clock is set; Graph's goes on. */
export function setOurClock(world: World, ahead: number): void {
  const change = ahead - world.graph.behindMs;
  world.clock.advance(change);
  world.graph.behindMs = ahead;
}

type EventName = keyof typeof EVENTS;

export interface Run {
  readonly event: EventName;
  readonly duringWait: EventName;
  readonly fault: Fault | null;
  readonly waitMs: number;
  readonly followOnly: boolean;
  readonly ticket: string;
}

/** What one request lives through. */
export interface Past {
  readonly device: ManagedDevice;
  readonly code: string | null;
  readonly steps: readonly string[];
  readonly noBypassCode: boolean;
  readonly answers: readonly (readonly [string, ScriptedAnswer])[];
  readonly endings: readonly (readonly [string, "done" | "failed" | "notSupported" | "canceled"])[];
  readonly checkInMs: number;
  readonly oldResults: readonly DeviceActionResult[];
  readonly runs: readonly Run[];
}

const eventName = fc.constantFrom(...(Object.keys(EVENTS) as EventName[]));
const action = fc.constantFrom(...ACTIONS);

const run: fc.Arbitrary<Run> = fc.record({
  event: eventName,
  duringWait: fc.oneof({ weight: 3, arbitrary: fc.constant<EventName>("nothing") }, eventName),
  fault: fc.option(fc.record({ call: fc.nat({ max: 45 }), when: fc.constantFrom("before", "after") })),
  waitMs: fc.constantFrom(0, 1_000, 120_000),
  followOnly: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
  ticket: fc.constantFrom("INC-1", "INC-1", "INC-2"),
});

const time = fc.constantFrom(null, "0001-01-01T00:00:00Z", "2025-06-01T00:00:00Z", "2026-11-20T11:30:00Z", "2027-06-01T00:00:00Z");

const oldResult: fc.Arbitrary<DeviceActionResult> = fc.record({
  actionName: fc.oneof(action, fc.constantFrom("Factory_Reset", "RemoveCompanyData", "ResetPasscode", "somethingElse")),
  actionState: fc.constantFrom(...ACTION_STATES),
  startDateTime: time,
  lastUpdatedDateTime: time,
});

export const past: fc.Arbitrary<Past> = fc.record({
  device: fc.constantFrom(IPAD, IPAD, UNSUPERVISED_IPAD, ANDROID, MAC),
  code: fc.constantFrom(CODE, CODE, null),
  steps: fc
    .oneof(
      fc.constant<readonly string[]>(["escrowBypassCode", "bypassActivationLock", "wipe"]),
      fc.array(fc.constantFrom("escrowBypassCode", "waitFor", ...ACTIONS), { minLength: 1, maxLength: 5 }),
    )
    .filter(isLegal),
  noBypassCode: fc.boolean(),
  answers: fc.array(
    fc.oneof(
      fc.tuple(action, fc.constantFrom(ACCEPTED, THROTTLED, REFUSED, APPROVAL_REQUIRED, LOST_AFTER, LOST_BEFORE)),
      fc.tuple(action.filter(isRepeatable), fc.constant(SIGN_IN_REQUIRED)),
    ),
    { maxLength: 6 },
  ),
  endings: fc.array(fc.tuple(action, fc.constantFrom("done", "failed", "notSupported", "canceled")), { maxLength: 2 }),
  checkInMs: fc.constantFrom(0, 500, 10_000, HOUR),
  oldResults: fc.array(oldResult, { maxLength: 3 }),
  runs: fc.array(run, { minLength: 1, maxLength: 6 }),
});

function isLegal(steps: readonly string[]): boolean {
  return findStepProblems(steps.map(stepSpec)).length === 0;
}

/** Null when a fault stopped the run. */
export async function perform(
  world: World,
  job: Job,
  { duringWait, fault, waitMs, followOnly }: Omit<Run, "event" | "ticket">,
): Promise<Report | null> {
  let happened = false;
  const sleep = world.clock.sleep.bind(world.clock);
  world.ports.clock.sleep = async (milliseconds) => {
    await sleep(milliseconds);
    if (!happened) await EVENTS[duringWait](world, job);
    happened = true;
  };
  try {
    return await world.run(job, { fault, waitMs, followOnly });
  } catch (error) {
    if (error instanceof Crash || error instanceof EscrowError) return null;
    throw error;
  } finally {
    world.ports.clock.sleep = sleep;
  }
}

export interface Lived {
  readonly world: World;
  readonly device: ManagedDevice;
  readonly request: LifecycleRequest;
  readonly job: Job;
  readonly reports: readonly Report[];
}

export async function live({ device, code, steps, noBypassCode, answers, endings, checkInMs, oldResults, runs }: Past): Promise<Lived> {
  const world = new World({ ...device, deviceActionResults: oldResults }, device === ANDROID || device === UNSUPERVISED_IPAD ? null : code);
  world.graph.checkInMs = checkInMs;
  for (const [name, answer] of answers) world.graph.answer(name, answer);
  for (const [name, ending] of endings) world.graph.endsAs(name, ending);
  const acknowledge = ["dataLoss", "physicalPossession", ...(noBypassCode ? (["noBypassCode"] as const) : [])] as const;
  const requestFor = (ticket: string) => lifecycleRequest(steps, { acknowledge, ticket, expires: null });
  const jobFor = (ticket: string) => jobOf(requestFor(ticket), device);
  const reports: Report[] = [];
  for (const { event, ticket, ...settings } of runs) {
    await EVENTS[event](world, jobFor(ticket));
    const report = await perform(world, jobFor(ticket), settings);
    if (report !== null) reports.push(report);
  }
  return { world, device, request: requestFor("INC-1"), job: jobFor("INC-1"), reports };
}
