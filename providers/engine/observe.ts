import { findRemoteAction } from "../domain/actions/action-table.ts";
import { assertNever } from "../domain/assert-never.ts";
import type { ClockReading } from "../domain/clock-reading.ts";
import { GraphReadError } from "../domain/errors.ts";
import {
  absent,
  type LedgerLook,
  type Look,
  type Observation,
  type Seen,
  type SeenCode,
  type SeenOrUnreadable,
  seen,
  seenOrAbsent,
  type Unreadable,
} from "../domain/observation.ts";
import { deviceReference, type Plan, type PlanStep } from "../domain/plan.ts";
import type { ApprovalState, CloseLook, DeviceDirectory, GoneAnswer, PermissionAnswer, Ports } from "../domain/ports.ts";
import type { RequestHistory } from "../domain/request-history.ts";
import { maySend } from "./decide/step-state.ts";
import { unreadableOf } from "./decide/verdict.ts";
import { stepOf } from "./history.ts";
import type { Job, RunSettings } from "./job.ts";
import { ledgerLook } from "./ledger-look.ts";
import { ourTime } from "./our-time.ts";

/** What a look is made of. */
export interface Looking {
  readonly job: Job;
  readonly history: RequestHistory;
  readonly ports: Ports;
  readonly settings: Pick<RunSettings, "hold" | "unreviewed" | "unshown">;
  /** What was seen so far. */
  readonly seen: Observation;
}

/**
 * One look, added to what was seen. Throws when a store of ours breaks; what Graph does not show is
 * `unreadable`.
 */
export async function lookAt(what: Look, looking: Looking): Promise<Observation> {
  const at = looking.ports.clock.now();
  switch (what) {
    case "device":
      return { ...looking.seen, device: await readable(at, () => seeDevice(looking, at)) };
    case "gone":
      return { ...looking.seen, ...(await seeGone(looking.job.plan, looking.ports.directory, at)) };
    case "bypassCode":
      return { ...looking.seen, bypassCode: await readable(at, () => seeCode(looking, at)) };
    case "approval":
      return { ...looking.seen, approval: await readable(at, () => seeApproval(looking, at)) };
    case "brake":
      return { ...looking.seen, brake: seenOrAbsent(await looking.ports.ledger.brake(), at, "the brake") };
    case "hold":
      return { ...looking.seen, hold: seenOrAbsent(await looking.settings.hold(), at, "the guard on settings") };
    case "review":
      return {
        ...looking.seen,
        review: seenOrAbsent(await looking.settings.unreviewed(looking.job.plan), at, "what differs from the review"),
      };
    case "shown":
      return {
        ...looking.seen,
        shown: seenOrAbsent(await looking.settings.unshown(looking.job.plan), at, "what differs from the preview"),
      };
    case "permissions":
      return { ...looking.seen, permissions: seen(await seePermissions(looking), at, "the tokens at hand") };
    case "clock":
      return { ...looking.seen, clock: seeClock(looking.ports, at) };
    case "ledger":
      return { ...looking.seen, ledger: seen(await seeLedger(looking, at), at, "the ledger") };
    default:
      return assertNever(what);
  }
}

/**
 * A look that throws `GraphReadError` becomes `unreadable`: it proves neither presence nor absence.
 */
export async function readable<T>(at: number, look: () => Promise<Seen<T>>): Promise<Seen<T>> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof GraphReadError)) throw error;
    return unreadable(error, at);
  }
}

/** The last look: the device, and its code with it where what comes next would take that away. */
export async function lookClosely(
  { job, ports }: Pick<Looking, "job" | "ports">,
  withCode: boolean,
): Promise<Pick<Observation, "device" | "bypassCode">> {
  const at = ports.clock.now();
  const both = await readable(at, async (): Promise<Seen<CloseLook>> => {
    return seen(await ports.directory.lookClosely(deviceReference(job.plan), withCode), at, "Graph");
  });
  if (both.kind !== "seen") return { device: both };
  const { device, code } = both.value;
  if (!withCode) return { device: seen(device, at, "Graph") };
  return { device: seen(device, at, "Graph"), bypassCode: seenCode(code, ports, at) };
}

function seenCode(code: CloseLook["code"], { fingerprint }: Pick<Ports, "fingerprint">, at: number): Seen<SeenCode> {
  if (code instanceof GraphReadError) return unreadable(code, at);
  return code === null
    ? absent("Graph shows no bypass code", at)
    : seen({ code, fingerprint: fingerprint(code), reference: null }, at, "Graph");
}

/** `at` is in milliseconds since the epoch; the error's message becomes `why`. */
export function unreadable(error: GraphReadError, at: number): Unreadable {
  const { reason, message } = unreadableOf(error);
  return { kind: "unreadable", reason, why: message, at };
}

async function seeDevice({ job, ports }: Looking, at: number): Promise<Observation["device"] & object> {
  const device = await ports.directory.observe(deviceReference(job.plan));
  return device === null ? absent("Graph says that it does not know the device", at) : seen(device, at, "Graph");
}

/** A device that shows itself after all is what was seen of it. */
export async function seeGone(
  plan: Plan,
  directory: Pick<DeviceDirectory, "lookForGone">,
  at: number,
): Promise<Pick<Observation, "device" | "gone">> {
  const look = () => directory.lookForGone(deviceReference(plan), plan.device.serialNumber);
  const answer = await readable<GoneAnswer>(at, async () => seen(await look(), at, "Graph"));
  if (answer.kind !== "seen") return { gone: answer };
  const { value } = answer;
  switch (value.kind) {
    case "there":
      return { device: seen(value.device, at, "Graph") };
    case "gone":
      return { gone: seen({ elsewhere: value.elsewhere }, at, "Graph") };
    case "listed":
      return { gone: absent(value.detail, at) };
    default:
      return assertNever(value);
  }
}

async function seeCode({ job, ports }: Looking, at: number): Promise<Observation["bypassCode"] & object> {
  return seenCode(await ports.directory.readBypassCode(deviceReference(job.plan)), ports, at);
}

async function seeApproval({ job, history, ports }: Looking, at: number): Promise<Seen<ApprovalState>> {
  const [request] = job.plan.steps.flatMap((step) => {
    const state = stepOf(history, step);
    return state.kind === "approvalRequired" ? [state.approvalRequest] : [];
  });
  return request === undefined ? absent("no step waits for an approval", at) : seen(await ports.actions.approval(request), at, "Graph");
}

/** Unreadable where no answer told the time; `at` in milliseconds. Never fails. */
export function seeClock({ graphClock }: Pick<Ports, "graphClock">, at: number): SeenOrUnreadable<ClockReading> {
  const reading = graphClock();
  if (reading !== null) return seen(reading, at, "the answers of Graph");
  return { kind: "unreadable", reason: "GraphNotReadable", why: NO_TIME, at };
}

const NO_TIME = "no answer tells Graph's own time: see which proxy on the way takes away Date or request-id, or answers from a cache (Age)";

async function seePermissions({ job, history, ports }: Looking): Promise<ReadonlyMap<string, PermissionAnswer>> {
  const left = job.plan.steps.filter((step) => maySend(stepOf(history, step), step));
  const answers = new Map<string, PermissionAnswer>();
  for (const action of actionsOf(left)) answers.set(action.name, await ports.actions.permission(action));
  return answers;
}

function actionsOf(steps: readonly PlanStep[]) {
  return [...new Set(steps.map(({ action }) => findRemoteAction(action)).filter((action) => action !== undefined))];
}

async function seeLedger({ job, ports, seen: { device } }: Looking, at: number): Promise<LedgerLook> {
  return ledgerLook(await ports.ledger.facts(), job.plan, device?.kind === "seen" ? device.value : null, ourTime(ports, at));
}
