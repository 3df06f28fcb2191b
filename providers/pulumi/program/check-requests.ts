import type { Diagnostic, SourceLocation } from "../../domain/diagnostic.ts";
import { GraphReadError } from "../../domain/errors.ts";
import { seen } from "../../domain/observation.ts";
import { identitiesOf, type PlanStep, planDestroysData, planIsGuarded, planLocksOut } from "../../domain/plan.ts";
import { expiryInstant, type LifecycleRequest, listKeyOf } from "../../domain/request.ts";
import { maySend } from "../../engine/decide/step-state.ts";
import { stepOf } from "../../engine/history.ts";
import { ledgerLook, sentToday } from "../../engine/ledger-look.ts";
import { compilePlan } from "../../request/compile-plan.ts";
import { RULES } from "../../rules/all-rules.ts";
import { countSends } from "../../rules/ledger-rules.ts";
import { isOnce, memberRule } from "../../rules/member-rule.ts";
import type { Coming, Finding, Moment, RuleFacts, RuleText } from "../../rules/rule.ts";
import {
  frozenPlanRule,
  judgeFrozenPlan,
  judgeNone,
  judgeSeveral,
  judgeUnreadable,
  noDeviceRule,
  sameDeviceRule,
  severalDevicesRule,
  unreadableDeviceRule,
} from "../../rules/selection-rules.ts";
import { limitsOf } from "../run-limits.ts";
import type { Findings, Matches, ResolvedRequest } from "./resolved-request.ts";
import { isInShard } from "./shard.ts";

/**
 * Every rule that needs the device, the ledger or all requests together, with all that each found;
 * pure.
 */
export function checkRequests(findings: Findings): readonly Diagnostic[] {
  return [
    ...checkMatches(findings.matches),
    ...findings.resolved.flatMap((entry) => [...checkFrozenPlan(entry), ...checkOne(entry, findings)]),
    ...checkSameDevice(findings.resolved),
    ...checkMembers(findings.resolved),
    ...checkTotals(findings),
  ];
}

/** The steps that a request which has not ended may still send, by the ledger. */
export function stepsToSend({ isEnded, plan, history }: Pick<ResolvedRequest, "isEnded" | "plan" | "history">): readonly PlanStep[] {
  return isEnded ? [] : plan.steps.filter((step) => maySend(stepOf(history, step), step));
}

function checkMatches(matches: Matches): Diagnostic[] {
  return [...matches].flatMap(([request, found]) => {
    if (found instanceof GraphReadError) return diagnosticOf(unreadableDeviceRule, judgeUnreadable(request.device, found), request);
    if (found.length === 0) return diagnosticOf(noDeviceRule, judgeNone(request.device), request);
    return found.length === 1 ? [] : diagnosticOf(severalDevicesRule, judgeSeveral(request.device, found), request);
  });
}

function checkFrozenPlan({ request, plan, history }: ResolvedRequest): Diagnostic[] {
  const finding = history.begun === null ? null : judgeFrozenPlan(request, history.begun, compilePlan(request, plan.device));
  return finding === null ? [] : diagnosticOf(frozenPlanRule, finding, request);
}

/**
 * The engine asks again, step by step; of a begun request the program asks what only a change of
 * settings brings up.
 */
function checkOne(entry: ResolvedRequest, findings: Findings): Diagnostic[] {
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

function factsOf(entry: ResolvedRequest, { settings, now, view }: Findings, coming: Coming = NOTHING): RuleFacts {
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
    lookAgeMs: null,
    isPaused: false,
    seen: { ledger: seen(ledgerLook(view.facts, plan, device, { now, isClockSure: true }), now, "the ledger") },
  };
}

const NOTHING: Coming = { destructive: 0, disruptive: 0, sends: new Map() };

/**
 * How much one day may bring, counted over all requests, of other shards too. The engine counts
 * again with each intent.
 */
function checkTotals(findings: Findings): Diagnostic[] {
  const { resolved, requests, view } = findings;
  const held = heldRequests(findings);
  const open = requests.filter((request) => !view.isEnded(request) && !held.has(request));
  const destructive = open.filter((request) => planDestroysData(request) && !view.hasDestroyed(request));
  const disruptive = open.filter((request) => planLocksOut(request) && !view.hasLockedOut(request));
  const steps = resolved.filter(({ request }) => !held.has(request)).flatMap(stepsToSend);
  const totals = { destructive: destructive.length, disruptive: disruptive.length, sends: countSends(steps) };
  return [...askTotals(destructive, totals, findings, planDestroysData), ...askTotals(disruptive, totals, findings, planLocksOut)];
}

/**
 * Asked of one request for all of them, and told at the first; where none is new, of one that still
 * sends something.
 */
function askTotals(coming: readonly LifecycleRequest[], totals: Coming, findings: Findings, counts: typeof planDestroysData): Diagnostic[] {
  const { resolved, view, now } = findings;
  const isComing = new Set(coming);
  const entry = resolved.find(({ request }) => isComing.has(request)) ?? resolved.find((one) => counts({ steps: stepsToSend(one) }));
  if (entry === undefined) return [];
  const { plan, device = null } = entry;
  const ledger = {
    ...ledgerLook(view.facts, plan, device, { now, isClockSure: true }),
    sentToday: sentToday(view.facts, totals.sends.keys(), now),
  };
  const facts = { ...factsOf(entry, findings, totals), seen: { ledger: seen(ledger, now, "the ledger") } };
  return askAll("totals", facts, coming[0] ?? entry.request);
}

/**
 * Nothing of these is sent by the next `up`, whatever the limits: they are expired, not reviewed,
 * or only what was begun is followed.
 */
function heldRequests(findings: Findings): ReadonlySet<LifecycleRequest> {
  const { requests, resolved, settings, now } = findings;
  if (settings.followOnly) return new Set(requests);
  const expired = requests.filter(({ expires }) => now >= (expiryInstant(expires) ?? Number.POSITIVE_INFINITY));
  const unreviewed = resolved.filter((entry) => isUnreviewed(entry, findings)).map(({ request }) => request);
  return new Set([...expired, ...unreviewed]);
}

/** Of this stack: what other shards have reviewed, nobody knows here. */
function isUnreviewed({ request, plan }: ResolvedRequest, { settings, unreviewed }: Findings): boolean {
  return isInShard(request.name, settings.shard) && planIsGuarded(plan) && unreviewed(plan) !== null;
}

/**
 * The loader sees equal selectors; only here one request by serial and another by id turn out to
 * mean one device.
 */
function checkSameDevice(resolved: readonly ResolvedRequest[]): Diagnostic[] {
  const first = new Map<string, LifecycleRequest>();
  return resolved.flatMap(({ request, plan, isEnded }) => {
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

/**
 * Two rows of one list can mean one device, one by its serial number and one by its id; each is a
 * request of its own.
 */
function checkMembers(resolved: readonly ResolvedRequest[]): Diagnostic[] {
  const first = new Map<string, LifecycleRequest>();
  return resolved.flatMap((entry) => {
    const { request, plan } = entry;
    const once = stepsToSend(entry).find(isOnce);
    if (once === undefined) return [];
    const place = `${listKeyOf(plan.key)} ${plan.device.id.toLowerCase()}`;
    const earlier = first.get(place);
    first.set(place, earlier ?? request);
    if (earlier === undefined) return [];
    const message = `${earlier.name} (${earlier.source.file}:${earlier.source.line}) and ${request.name} mean one device, ${plan.device.serialNumber ?? plan.device.id}: ${once.action} would be sent twice`;
    return diagnosticOf(memberRule, { message, hint: "keep one of the two rows" }, request);
  });
}

/**
 * A finding at the key of the request that is to be changed; none for rules without a code, which
 * only the engine asks.
 */
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
