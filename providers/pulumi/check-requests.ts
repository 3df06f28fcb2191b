import { destroysData } from "../domain/action-table.ts";
import type { Diagnostic, SourceLocation } from "../domain/diagnostic.ts";
import { NotVisibleError } from "../domain/errors.ts";
import { seen } from "../domain/observation.ts";
import { identitiesOf, type PlanStep, planDestroysData } from "../domain/plan.ts";
import { expiryInstant, type LifecycleRequest } from "../domain/request.ts";
import { stepOf } from "../engine/history.ts";
import { ledgerLook, sentToday } from "../engine/ledger-look.ts";
import { maySend } from "../engine/step-state.ts";
import { compilePlan } from "../request/compile-plan.ts";
import { RULES } from "../rules/all-rules.ts";
import { countSends } from "../rules/ledger-rules.ts";
import type { Coming, Finding, Moment, RuleFacts, RuleText } from "../rules/rule.ts";
import {
  frozenPlanRule,
  judgeFrozenPlan,
  judgeNone,
  judgeNotVisible,
  judgeSeveral,
  noDeviceRule,
  sameDeviceRule,
  severalDevicesRule,
} from "../rules/selection-rules.ts";
import { limitsOf } from "./run-limits.ts";
import type { Findings, Matches, Surveyed } from "./surveyed.ts";

/** Every rule that needs the device, the ledger or all requests together, with all that each found; pure. */
export function checkRequests(findings: Findings): readonly Diagnostic[] {
  return [
    ...checkMatches(findings.matches),
    ...findings.surveyed.flatMap((entry) => [...checkFrozenPlan(entry), ...checkOne(entry, findings)]),
    ...checkSameDevice(findings.surveyed),
    ...checkTotals(findings),
  ];
}

/** What a request that has not ended may still send, by the ledger. */
export function stepsToSend({ isEnded, plan, history }: Pick<Surveyed, "isEnded" | "plan" | "history">): readonly PlanStep[] {
  return isEnded ? [] : plan.steps.filter((step) => maySend(stepOf(history, step), step));
}

function checkMatches(matches: Matches): Diagnostic[] {
  return [...matches].flatMap(([request, found]) => {
    if (found instanceof NotVisibleError) return diagnosticOf(noDeviceRule, judgeNotVisible(request.device, found), request);
    if (found.length === 0) return diagnosticOf(noDeviceRule, judgeNone(request.device), request);
    return found.length === 1 ? [] : diagnosticOf(severalDevicesRule, judgeSeveral(request.device, found), request);
  });
}

function checkFrozenPlan({ request, plan, history }: Surveyed): Diagnostic[] {
  const finding = history.begun === null ? null : judgeFrozenPlan(request, history.begun, compilePlan(request, plan.device));
  return finding === null ? [] : diagnosticOf(frozenPlanRule, finding, request);
}

/** The engine asks again, step by step; of a begun request the program asks what only a change of settings brings up. */
function checkOne(entry: Surveyed, findings: Findings): Diagnostic[] {
  if (entry.device === undefined || entry.device === null) return [];
  const moment = entry.history.begun === null ? "program" : "begun";
  return askAll(moment, factsOf(entry, findings), entry.request);
}

function askAll(moment: Moment, facts: RuleFacts, request: LifecycleRequest): Diagnostic[] {
  return RULES.filter(({ asked }) => asked.includes(moment)).flatMap((rule) => {
    const answer = rule.ask(facts);
    return answer.kind === "against" ? answer.findings.flatMap((finding) => diagnosticOf(rule, finding, request)) : [];
  });
}

function factsOf(entry: Surveyed, { settings, now, view }: Findings, coming: Coming = NOTHING): RuleFacts {
  const { request, plan, history, device = null } = entry;
  const { name, repeats, expires, acknowledge } = request;
  return {
    request: { name, repeats, terms: { expires, acknowledge } },
    plan,
    isBegun: history.begun !== null,
    steps: stepsToSend(entry),
    sent: new Set(),
    calls: [],
    isGuarded: false,
    hasEscrowedCode: false,
    device,
    run: { ...limitsOf(settings), canResendSecrets: true },
    coming,
    now,
    seen: { ledger: seen(ledgerLook(view.facts, plan, device, now), now, "the ledger") },
  };
}

const NOTHING: Coming = { destructive: 0, sends: new Map() };

/** How much one day may bring, counted over all requests, of other shards too. The engine counts again with each intent. */
function checkTotals(findings: Findings): Diagnostic[] {
  const { surveyed, requests, view } = findings;
  const coming = requests.filter((request) => wouldDestroy(request, findings));
  const isComing = new Set(coming);
  const steps = surveyed.filter(({ request }) => !isHeld(request, findings)).flatMap(stepsToSend);
  const totals = { destructive: coming.length, sends: countSends(steps) };
  const entry = surveyed.find(({ request }) => isComing.has(request)) ?? surveyed.find((one) => stepsToSend(one).some(isDestructive));
  if (entry === undefined) return [];
  const { plan, device = null } = entry;
  const ofAll = sentToday(view.facts, totals.sends.keys(), findings.now);
  const ledger = { ...ledgerLook(view.facts, plan, device, findings.now), sentToday: ofAll };
  const facts = { ...factsOf(entry, findings, totals), seen: { ledger: seen(ledger, findings.now, "the ledger") } };
  return askAll("totals", facts, coming[0] ?? entry.request);
}

const isDestructive = ({ action }: { readonly action: string }): boolean => destroysData(action);

/** What was begun and has not destroyed anything yet is still to come. */
function wouldDestroy(request: LifecycleRequest, findings: Findings): boolean {
  const { view } = findings;
  return request.steps.some(isDestructive) && !view.isEnded(request) && !view.hasDestroyed(request) && !isHeld(request, findings);
}

/** Nothing of it is sent by the next `up`, whatever the limits: it is expired, or only what was begun is followed. */
function isHeld({ expires }: LifecycleRequest, { settings, now }: Findings): boolean {
  const expiry = expiryInstant(expires);
  return settings.followOnly || (expiry !== null && now >= expiry);
}

/** The loader sees equal selectors; only here one request by serial and another by id turn out to mean one device. */
function checkSameDevice(surveyed: readonly Surveyed[]): Diagnostic[] {
  const first = new Map<string, LifecycleRequest>();
  return surveyed.flatMap(({ request, plan, isEnded }) => {
    if (isEnded || !planDestroysData(plan)) return [];
    const names = identitiesOf(plan.device);
    const earlier = names.map((name) => first.get(name)).find((found) => found !== undefined);
    for (const name of names) first.set(name, earlier ?? request);
    if (earlier === undefined) return [];
    const device = plan.device.serialNumber ?? plan.device.id;
    const message = `requests ${earlier.name} (${earlier.source.file}:${earlier.source.line}) and ${request.name} both destroy data on device ${device}`;
    return diagnosticOf(sameDeviceRule, { message, hint: "keep one of the two" }, request);
  });
}

/** A finding at the key of the request that is to be changed; none for rules without a code, which only the engine asks. */
function diagnosticOf(
  { code, key: place }: Pick<RuleText, "code" | "key">,
  { message, hint }: Finding,
  request: LifecycleRequest,
): Diagnostic[] {
  if (code === null) return [];
  const key = place === "plan" ? (request.playbook === null ? "steps" : "playbook") : place;
  const location: SourceLocation = request.places[key] ?? request.source;
  return [{ code, severity: "error", message, hint, location }];
}
