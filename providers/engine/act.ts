import { findRemoteAction } from "../domain/action-table.ts";
import { assertNever } from "../domain/assert-never.ts";
import { carriesGeneratedPin } from "../domain/generated-pin.ts";
import type { IntentRecord, ResultRecord, SecretKind, Why } from "../domain/ledger-record.ts";
import { deviceFacts, isSupervisedApple, type ManagedDevice } from "../domain/managed-device.ts";
import { type Observation, seen, seenOrAbsent } from "../domain/observation.ts";
import { deviceReference, type PlanStep } from "../domain/plan.ts";
import type { ActionCall, LedgerFacts, Ports, SendResult } from "../domain/ports.ts";
import { Redacted } from "../domain/redacted.ts";
import type { RequestHistory } from "../domain/request-history.ts";
import { RULES } from "../rules/all-rules.ts";
import { countSends } from "../rules/ledger-rules.ts";
import { askRules, type RuleFacts } from "../rules/rule.ts";
import { captureSecret } from "./capture-secret.ts";
import { isInEscrow } from "./decide-send.ts";
import type { Decision, StepEnd } from "./decision.ts";
import { verdictOfRule } from "./decision.ts";
import { historyOf } from "./history.ts";
import type { Job, RunSettings, Verdict } from "./job.ts";
import { ledgerLook } from "./ledger-look.ts";
import { snapshotOf, withoutSecret } from "./match-result.ts";
import { ruleFactsOf, type Situation } from "./situation.ts";

/** One call of `reconcile` at work. */
export interface Acting {
  readonly job: Job;
  readonly ports: Ports;
  readonly settings: RunSettings;
  readonly memory: RunMemory;
}

/** What one run of one request remembers of itself. */
export interface RunMemory {
  /** Steps that it sent: none is sent twice in one run. */
  readonly sentNow: Set<number>;
  /** References that it put into escrow, and read back. */
  readonly putNow: Set<string>;
  waits: number;
}

/** What a decision of this run is made of, but for what was seen. */
export function situationOf({ job, ports, settings, memory }: Acting, history: RequestHistory): Omit<Situation, "seen"> {
  const { cloud, followOnly, maxDestructive, graceMs, clock } = settings;
  const { sentNow, putNow } = memory;
  const limits = { cloud, followOnly, maxDestructive, protected: settings.protected, canResendSecrets: ports.escrow.readBack !== null };
  return { job, history, limits, now: ports.clock.now(), graceMs, mayWait: clock.timeLeft() > 0, sentNow, putNow };
}

/** What the decision was made of. */
interface Decided extends Acting {
  readonly history: RequestHistory;
  readonly seen: Observation;
}

type Act = Exclude<Decision, { kind: "finish" | "look" }>;

/** What came of an act: a verdict where the ledger objects in the last instant; where the bypass code was put. */
interface Acted {
  readonly verdict: Verdict | null;
  readonly reference: string | null;
}

const ACTED: Acted = { verdict: null, reference: null };

/** Does what was decided. */
export async function act(decision: Act, decided: Decided): Promise<Acted> {
  switch (decision.kind) {
    case "wait":
      await wait(decision.atMostMs, decided);
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

async function wait(atMostMs: number, { ports, settings, memory }: Acting): Promise<void> {
  settings.clock.start();
  const interval = pollInterval(memory.waits++);
  // Polls of all requests fall on the same instants, so that they share their reads.
  const untilTick = interval - (ports.clock.now() % interval);
  await ports.clock.sleep(Math.min(untilTick, atMostMs, settings.clock.timeLeft()));
}

/** 0.25 s doubling to 15 s: quick for what is quick, and a few calls a minute for what takes long. */
function pollInterval(waits: number): number {
  return Math.min(250 * 2 ** waits, 15_000);
}

async function escrowCode({ step, device, code }: Extract<Act, { kind: "escrow" }>, { job, ports, memory }: Decided): Promise<string> {
  const { reference } = await captureSecret(job, ports, step, device, "activationLockBypassCode", code.code);
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
  });
}

async function resolveDoubt({ intent, detail }: Extract<Act, { kind: "resolveDoubt" }>, { ports }: Decided): Promise<void> {
  const { key, step, attempt } = intent;
  await ports.ledger.append({ kind: "result", key, at: now(ports), step, attempt, result: "accepted", requestId: null, detail });
}

type Sending = Extract<Act, { kind: "send" }>;

/** Intent, send, result: in this order, each durable before the next. */
async function send(sending: Sending, decided: Decided): Promise<Verdict | null> {
  const { job, ports, settings, memory } = decided;
  const { step, action, approvalRequest } = sending;
  settings.clock.start();
  memory.sentNow.add(step.index);
  const secretParameters = await secretsOf(sending, decided);
  const intent = intentOf(sending, decided);
  const objection = await recordIntent(intent, sending, decided);
  if (objection !== null) return objection;
  const call: ActionCall = {
    device: deviceReference(job.plan),
    action,
    parameters: step.parameters,
    clientRequestId: intent.clientRequestId,
    holdBack: holdBackOf(sending, decided),
    justification: [job.reason, job.terms.ticket, job.name, settings.change].filter((text) => text !== null).join(" · "),
    ...(secretParameters === null ? {} : { secretParameters }),
    ...(approvalRequest === undefined ? {} : { approvalRequest }),
  };
  const result = await ports.actions.send(call);
  await ports.ledger.append(resultOf(intent, result, now(ports)));
  return null;
}

/** What the rules are asked about once more, with what is seen then. */
function lastFacts({ step, device }: Sending, decided: Decided, changes: Pick<RuleFacts, "seen">): RuleFacts {
  const facts = ruleFactsOf({ ...situationOf(decided, decided.history), seen: decided.seen, device }, step, changes);
  return { ...facts, coming: { destructive: 1, sends: countSends(facts.steps) } };
}

/**
 * Asked before each try on the wire: a reason not to send after all, or null. Before a call goes to Graph again, throttled,
 * the code is read again: while it waited the device may have made another.
 */
function holdBackOf(sending: Sending, decided: Decided): ActionCall["holdBack"] {
  const { job, ports } = decided;
  let tries = 0;
  return async () => {
    const brake = seenOrAbsent(await ports.ledger.brake(job.plan.device.id), ports.clock.now(), "the brake");
    const answer = askRules(RULES, "wire", lastFacts(sending, decided, { seen: { brake } }));
    if (answer.kind === "against") return answer.findings[0]?.message ?? answer.rule.id;
    tries += 1;
    return tries === 1 ? null : newCode(sending, decided);
  };
}

async function newCode({ action, device }: Sending, { job, ports, memory }: Decided): Promise<string | null> {
  if (!action.destroysData || !isSupervisedApple(device)) return null;
  const code = await ports.directory.readBypassCode(deviceReference(job.plan));
  const history = historyOf(await ports.ledger.recordsOf(job.plan.key));
  if (code === null || isInEscrow({ history, ...memory }, { code, fingerprint: ports.fingerprint(code), reference: null })) return null;
  return "the device made a new bypass code meanwhile, which has to be escrowed first";
}

/** The rules over all requests are asked in one go with the intent, where nobody else's record comes between. */
async function recordIntent(intent: IntentRecord, sending: Sending, decided: Decided): Promise<Verdict | null> {
  const { job, ports } = decided;
  if (intent.destroysData) return ports.ledger.appendUnless(intent, (facts) => objection(facts, sending, decided));
  await ports.ledger.append(intent);
  return null;

  function objection(facts: LedgerFacts, { device }: Sending, context: Decided): Verdict | null {
    const at = ports.clock.now();
    const ledger = seen(ledgerLook(facts, job.plan, device, at), at, "the ledger");
    const answer = askRules(RULES, "ledger", lastFacts(sending, context, { seen: { ledger } }));
    return answer.kind === "against" ? verdictOfRule(answer.rule, answer.findings) : null;
  }
}

/** In escrow before it is sent; what was approved is sent again with the secret that it was approved with. */
async function secretsOf(sending: Sending, { job, ports, history }: Decided): Promise<Record<string, Redacted<string>> | null> {
  const { step, action, device, approvalRequest } = sending;
  if (!carriesGeneratedPin(action.name, device)) return null;
  const approved = approvalRequest === undefined ? null : await approvedPin(ports, history);
  if (approved !== null) return { macOsUnlockCode: approved };
  const pin = new Redacted(ports.pin());
  await captureSecret(job, ports, step, device, "macOsUnlockCode", pin);
  return { macOsUnlockCode: pin };
}

async function approvedPin({ escrow }: Ports, { escrowed }: RequestHistory): Promise<Redacted<string> | null> {
  const pin = escrowed.macOsUnlockCode;
  return pin === undefined || escrow.readBack === null ? null : escrow.readBack(pin.reference);
}

function intentOf({ step, action, device }: Sending, { job, ports, history }: Decided): IntentRecord {
  const earlier = history.records.filter((record) => record.kind === "intent" && record.step === step.index);
  return {
    kind: "intent",
    key: job.plan.key,
    at: now(ports),
    step: step.index,
    attempt: earlier.length + 1,
    action: step.action,
    destroysData: action.destroysData,
    device: job.plan.device,
    clientRequestId: ports.uuid(),
    snapshot: snapshotOf(device),
    managementState: device.managementState,
  };
}

function resultOf(intent: IntentRecord, result: SendResult, at: string): ResultRecord {
  const { key, step, attempt } = intent;
  const common = { kind: "result", key, at, step, attempt, requestId: result.requestId } as const;
  switch (result.kind) {
    case "accepted":
      return { ...common, result: "accepted", detail: "Graph took it" };
    case "refused":
      return { ...common, result: "refused", detail: `Graph refused it (${result.status}): ${result.detail}` };
    case "throttled":
      return { ...common, result: "notSent", detail: result.detail };
    case "approvalRequired":
      return {
        ...common,
        result: "approvalRequired",
        approvalRequest: result.approvalRequest,
        detail: `waits for approval of request ${result.approvalRequest}`,
      };
    case "signInRequired":
      return {
        ...common,
        result: "signInRequired",
        detail: `needs ${result.permission}; sign in with: ${result.signIn} (${result.detail})`,
      };
    case "unknown":
      return { ...common, result: "unknown", detail: result.detail };
    default:
      return assertNever(result);
  }
}

/** Closes a step; a secret that the device's result carries goes to escrow first. */
async function finishStep({ step, status, reason, detail, result }: StepEnd, { job, ports, seen: { device } }: Decided): Promise<void> {
  const kind = secretKindOf(step);
  if (kind !== null && device?.kind === "seen" && result?.secret !== undefined)
    await captureSecret(job, ports, step, device.value, kind, result.secret);
  await ports.ledger.append({ kind: "finished", key: job.plan.key, at: now(ports), step: step.index, status, reason, detail });
}

function secretKindOf(step: PlanStep): SecretKind | null {
  const result = findRemoteAction(step.action)?.result;
  return result?.kind === "reported" ? (result.secret?.kind ?? null) : null;
}

export function now(ports: Pick<Ports, "clock">): string {
  return new Date(ports.clock.now()).toISOString();
}
