import { findRemoteAction } from "../../domain/actions/action-table.ts";
import { assertNever } from "../../domain/assert-never.ts";
import { deviceFacts, type ManagedDevice } from "../../domain/managed-device.ts";
import type { PlanStep } from "../../domain/plan.ts";
import type { RequestHistory } from "../../domain/request-history.ts";
import type { Why } from "../../domain/request-record.ts";
import type { SecretKind } from "../../domain/secrets.ts";
import type { Decision, StepEnd } from "../decide/decision.ts";
import { graphTimeOf, snapshotOf, withoutSecret } from "../decide/match-result.ts";
import type { Job, RunSettings, Verdict } from "../job.ts";
import { type Acting, type Decided, now } from "./acting.ts";
import { captureSecret } from "./capture-secret.ts";
import { send } from "./send.ts";

type Act = Exclude<Decision, { kind: "finish" | "look" | "place" }>;

/**
 * What came of an act: a verdict where the ledger objects in the last instant; where the bypass
 * code was put.
 */
interface Acted {
  readonly verdict: Verdict | null;
  readonly reference: string | null;
}

const ACTED: Acted = { verdict: null, reference: null };

/** Does what was decided. */
export async function act(decision: Act, decided: Decided): Promise<Acted> {
  switch (decision.kind) {
    case "wait":
      await wait(decision, decided);
      return ACTED;
    case "escrow":
      await begin(decision.device, decided);
      return { verdict: null, reference: await escrowCode(decision, decided) };
    case "send":
      await begin(decision.device, decided);
      return { verdict: await send(decision, decided), reference: null };
    case "adopt":
      await begin(decision.device, decided);
      await adopt(decision, decided);
      return ACTED;
    case "resolveDoubt":
      await resolveDoubt(decision, decided);
      return ACTED;
    case "finishStep":
      if (decided.seen.device?.kind === "seen") await begin(decided.seen.device.value, decided);
      await finishStep(decision, decided);
      return ACTED;
    default:
      return assertNever(decision);
  }
}

/** The plan is frozen before the first thing is done. */
async function begin(device: ManagedDevice, { job, ports, settings, history }: Decided): Promise<void> {
  if (history.begun !== null) return;
  const { key } = job.plan;
  await ports.ledger.append({
    kind: "begun",
    key,
    at: now(ports),
    plan: job.plan,
    device: deviceFacts(device),
    why: await whyOf(job, settings),
  });
}

/** Reason or ticket of a begun request were edited since they were last recorded. */
export async function recordEdit({ job, ports, settings }: Acting, { why }: RequestHistory): Promise<void> {
  if (why === null || (why.reason === job.reason && why.ticket === job.terms.ticket)) return;
  await ports.ledger.append({ kind: "edited", key: job.plan.key, at: now(ports), why: await whyOf(job, settings) });
}

async function whyOf({ reason, terms, source }: Job, { provenance }: RunSettings): Promise<Why> {
  return { reason, ticket: terms.ticket, source, ...(await provenance()) };
}

type Wait = Extract<Act, { kind: "wait" }>;

/** Without a slot: another request has it meanwhile. */
function wait(decision: Wait, { job, ports, settings, memory, slot }: Acting): Promise<void> {
  settings.clock.start();
  settings.onWait?.(job.name, decision.for);
  return slot.forDevice(async () => {
    const now = ports.clock.now();
    memory.waitingSince ??= now;
    const untilLook = slot.nextLook(memory.waitingSince, now) - now;
    await sleep(lengthOf(decision, untilLook, now, memory), { ports, settings });
  });
}

/** Milliseconds to wait; `untilLook` where nothing else asks for more or less. */
function lengthOf(decision: Wait, untilLook: number, now: number, memory: Acting["memory"]): number {
  if (decision.for === "report") return untilLook;
  if (decision.for === "gone") return Math.min(untilLook, decision.atMostMs);
  const { step, atLeastMs, atMostMs } = decision;
  const { since, looks } = memory.doubts.get(step.index) ?? { since: now, looks: 0 };
  memory.doubts.set(step.index, { since, looks: looks + 1 });
  return Math.min(Math.max(untilLook, atLeastMs), atMostMs);
}

/** How late a run that was stopped may be noticed to be so. */
const LONGEST_SLEEP_MS = 15_000;

/** Ends early when the run has no time left. */
async function sleep(milliseconds: number, { ports, settings }: Pick<Acting, "ports" | "settings">): Promise<void> {
  const until = ports.clock.now() + milliseconds;
  for (;;) {
    const left = Math.min(until - ports.clock.now(), settings.clock.timeLeft());
    if (left <= 0) return;
    await ports.clock.sleep(Math.min(left, LONGEST_SLEEP_MS));
  }
}

async function escrowCode({ step, device, code }: Extract<Act, { kind: "escrow" }>, { job, ports, memory }: Decided): Promise<string> {
  const { reference } = await captureSecret({ kind: "activationLockBypassCode", secret: code.code, step, device }, job, ports);
  memory.putNow.add(reference);
  return reference;
}

/** Nothing is sent. */
async function adopt({ step, device, result }: Extract<Act, { kind: "adopt" }>, { job, ports }: Decided): Promise<void> {
  const { plan } = job;
  await ports.ledger.append({
    kind: "adopted",
    key: plan.key,
    at: now(ports),
    step: step.index,
    action: step.action,
    destroysData: findRemoteAction(step.action)?.destroysData ?? false,
    device: plan.device,
    result: withoutSecret(result),
    snapshot: snapshotOf(device, result),
    ...graphTimeOf(device),
  });
}

async function resolveDoubt({ intent, detail }: Extract<Act, { kind: "resolveDoubt" }>, { ports }: Decided): Promise<void> {
  const { key, step, attempt } = intent;
  await ports.ledger.append({ kind: "result", key, at: now(ports), step, attempt, result: "accepted", requestId: null, detail });
}

/** Closes a step; a secret that the device's result carries goes to escrow first. */
async function finishStep({ step, status, reason, detail, result }: StepEnd, { job, ports, seen: { device } }: Decided): Promise<void> {
  const kind = secretKindOf(step);
  if (kind !== null && device?.kind === "seen" && result?.secret !== undefined)
    await captureSecret({ kind, secret: result.secret, step, device: device.value }, job, ports);
  await ports.ledger.append({ kind: "finished", key: job.plan.key, at: now(ports), step: step.index, status, reason, detail });
}

function secretKindOf(step: PlanStep): SecretKind | null {
  const result = findRemoteAction(step.action)?.result;
  return result?.kind === "reported" ? (result.secret?.kind ?? null) : null;
}
