import { generatedSecretOf } from "../../domain/actions/generated-pin.ts";
import { assertNever } from "../../domain/assert-never.ts";
import { seen, seenOrAbsent } from "../../domain/observation.ts";
import { deviceReference } from "../../domain/plan.ts";
import type { ActionCall, LedgerFacts, Ports, SendResult } from "../../domain/ports.ts";
import { Redacted } from "../../domain/redacted.ts";
import type { RequestHistory } from "../../domain/request-history.ts";
import type { SentSecretKind } from "../../domain/secrets.ts";
import type { IntentRecord, ResultRecord } from "../../domain/step-record.ts";
import { RULES } from "../../rules/all-rules.ts";
import { comingOfOne, isCounted } from "../../rules/ledger-rules.ts";
import { askRules, type RuleFacts } from "../../rules/rule.ts";
import { lastLookRule, pauseRule } from "../../rules/run-rules.ts";
import { type Decision, verdictOfRule } from "../decide/decision.ts";
import { graphTimeOf, snapshotOf } from "../decide/match-result.ts";
import { ruleFactsOf } from "../decide/situation.ts";
import { waitBeforeTry } from "../decide/wait-before-try.ts";
import type { Verdict } from "../job.ts";
import { ledgerLook } from "../ledger-look.ts";
import { seeClock } from "../observe.ts";
import { ourTime } from "../our-time.ts";
import { ageOf, type Decided, now, situationOf } from "./acting.ts";
import { captureSecret } from "./capture-secret.ts";

type Sending = Extract<Decision, { kind: "send" }>;

/** Intent, send, result: in this order, each durable before the next. */
export async function send(sending: Sending, decided: Decided): Promise<Verdict | null> {
  const { job, ports, settings, memory, slot } = decided;
  const { step, action, approvalRequest } = sending;
  settings.clock.start();
  memory.sentNow.add(step.index);
  memory.waitingSince = null;
  const { secretParameters, intent, objection } = await prepare(sending, decided);
  if (objection !== null) return objection;
  let isLate = false;
  const call: ActionCall = {
    device: deviceReference(job.plan),
    action,
    parameters: step.parameters,
    clientRequestId: intent.clientRequestId,
    holdBack: holdBackOf(sending, decided, noteLate),
    justification: [job.reason, job.terms.ticket, job.name, settings.change].filter((text) => text !== null).join(" · "),
    ...(secretParameters === null ? {} : { secretParameters }),
    ...(approvalRequest === undefined ? {} : { approvalRequest }),
    ...(decided.placed === null ? {} : { place: decided.placed.place }),
  };
  // Without a place of its own it waits for one there.
  const result = await (call.place === undefined ? slot.forGraph(() => ports.actions.send(call)) : ports.actions.send(call));
  await ports.ledger.append(resultOf(intent, result, now(ports)));
  await makeWayForAnother(sending, decided, isLate ? AT_ONCE : wishOf(result));
  return null;

  function noteLate(): void {
    isLate = true;
  }
}

/** Everything that comes before the call; where it does not come to that, the place goes back. */
async function prepare(sending: Sending, decided: Decided) {
  const giveBack = () => decided.placed?.place.giveBack();
  try {
    const secretParameters = await secretsOf(sending, decided);
    const intent = intentOf(sending, decided);
    const objection = await recordIntent(intent, sending, decided);
    if (objection !== null) giveBack();
    return { secretParameters, intent, objection };
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** When another try may go: null where nobody says. */
type Wish = { readonly afterMs: number | null };

const AT_ONCE: Wish = { afterMs: 0 };

function wishOf(result: SendResult): Wish | undefined {
  return result.kind === "throttled" ? result.again : undefined;
}

/**
 * A call that Graph surely did not take may go again in this run, after a new place, a new look and
 * a new intent.
 */
async function makeWayForAnother({ step, action }: Sending, { ports, memory, slot }: Decided, wish: Wish | undefined): Promise<void> {
  const instant = ports.monotonic();
  const { count, firstAt } = memory.tries.get(step.index) ?? { count: 0, firstAt: instant };
  memory.tries.set(step.index, { count: count + 1, firstAt });
  // What may be repeated is tried again below.
  if (wish === undefined || action.repeatable) return;
  const wait = waitBeforeTry({ number: count + 1, elapsed: instant - firstAt, ...wish });
  if (wait === null) return;
  await slot.forGraph(() => ports.clock.sleep(wait));
  memory.sentNow.delete(step.index);
}

/** What the rules are asked about once more, with what is seen then. */
function lastFacts(
  { step, device }: Sending,
  decided: Decided,
  changes: Pick<RuleFacts, "seen"> & Partial<Pick<RuleFacts, "lookAgeMs" | "isPaused">>,
): RuleFacts {
  const situation = { ...situationOf(decided, decided.history), seen: decided.seen, isPlaced: decided.placed !== null, device };
  const facts = ruleFactsOf(situation, step, changes);
  return { ...facts, coming: comingOfOne(facts.steps) };
}

/** Asked right before the wire: a reason not to send after all, or null. */
function holdBackOf(sending: Sending, decided: Decided, noteLate: () => void): ActionCall["holdBack"] {
  const { job, ports, placed } = decided;
  return async () => {
    const at = ports.clock.now();
    const brake = seenOrAbsent(await ports.ledger.brake(job.plan.device.id), at, "the brake");
    const lookAgeMs = placed === null ? null : ageOf(placed.lookedAt, ports);
    const isPaused = placed?.place.isPaused() ?? false;
    const answer = askRules(
      RULES,
      "wire",
      lastFacts(sending, decided, { seen: { brake, clock: seeClock(ports, at) }, lookAgeMs, isPaused }),
    );
    if (answer.kind !== "against") return null;
    if (answer.rule === lastLookRule || answer.rule === pauseRule) noteLate();
    return answer.findings[0]?.message ?? answer.rule.id;
  };
}

/**
 * The rules over all requests are asked in one go with the intent, where nobody else's record comes
 * between.
 */
async function recordIntent(intent: IntentRecord, sending: Sending, decided: Decided): Promise<Verdict | null> {
  const { job, ports } = decided;
  if (isCounted(intent.action)) return ports.ledger.appendUnless(intent, (facts) => objection(facts, sending, decided));
  await ports.ledger.append(intent);
  return null;

  function objection(facts: LedgerFacts, { device }: Sending, context: Decided): Verdict | null {
    const at = ports.clock.now();
    const ledger = seen(ledgerLook(facts, job.plan, device, ourTime(ports, at)), at, "the ledger");
    const answer = askRules(RULES, "ledger", lastFacts(sending, context, { seen: { ledger } }));
    return answer.kind === "against" ? verdictOfRule(answer.rule, answer.findings) : null;
  }
}

/**
 * In escrow before it is sent; what was approved is sent again with the secret that it was approved
 * with.
 */
async function secretsOf(sending: Sending, { job, ports, history }: Decided): Promise<Record<string, Redacted<string>> | null> {
  const { step, action, device, approvalRequest } = sending;
  const kind = generatedSecretOf(action.name, device);
  if (kind === null) return null;
  const approved = approvalRequest === undefined ? null : await approvedPin(kind, ports, history);
  if (approved !== null) return { [kind]: approved };
  const pin = new Redacted(ports.pin());
  await captureSecret({ kind, secret: pin, step, device }, job, ports);
  return { [kind]: pin };
}

async function approvedPin(kind: SentSecretKind, { escrow }: Ports, { escrowed }: RequestHistory): Promise<Redacted<string> | null> {
  const pin = escrowed[kind];
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
    ...graphTimeOf(device),
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
