import type { ManagedDevice } from "../../domain/managed-device.ts";
import { absent, type Look, type Observation, type Seen, seen, seenOrAbsent } from "../../domain/observation.ts";
import type { ActionLedger, DeviceActions, DeviceDirectory, LedgerFacts, Ports } from "../../domain/ports.ts";
import { type FirstAct, firstActOf } from "../../engine/decide/first-act.ts";
import { missedBefore } from "../../engine/decide/prove-gone.ts";
import type { Situation } from "../../engine/decide/situation.ts";
import { stepOf } from "../../engine/history.ts";
import { ledgerLook } from "../../engine/ledger-look.ts";
import { readable, seeClock, seeGone, unreadable } from "../../engine/observe.ts";
import { isClockSure } from "../../rules/clock-rule.ts";
import { editionOf } from "../edition.ts";
import type { ReviewGate } from "../review-gate.ts";
import { goneAfterOf, graceOf, limitsOf } from "../run-limits.ts";
import type { Settings } from "../settings.ts";
import type { ResolvedRequest } from "./resolved-request.ts";

/** What a preview asks, beyond what was found for it. */
export interface PreviewPorts {
  readonly actions: Pick<DeviceActions, "approval">;
  readonly directory: Pick<DeviceDirectory, "lookForGone">;
  readonly ledger: Pick<ActionLedger, "brake">;
  readonly graphClock: Ports["graphClock"];
  /** A secret that went along with a call can be had from escrow again. */
  readonly canResendSecrets: boolean;
}

/** What is the same for every request of a preview. */
export interface PreviewFacts {
  readonly settings: Settings;
  readonly ledgerFacts: LedgerFacts;
  /** What `up` would hold back for: the safety settings changed; null where they did not. */
  readonly hold: string | null;
  /** Why `up` would hold back a plan for want of a review. */
  readonly unreviewed: ReviewGate;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * What the next `up` does first for each request that has not ended, by name: decided by the same
 * function, on what a preview may see. It reads no bypass code, and takes for granted that `up` has
 * the permissions that it needs.
 */
export async function previewActs(
  entries: readonly ResolvedRequest[],
  ports: PreviewPorts,
  facts: PreviewFacts,
): Promise<ReadonlyMap<string, FirstAct>> {
  const open = entries.filter((entry) => !entry.isEnded);
  if (open.length === 0) return new Map();
  const brake = seenOrAbsent(await ports.ledger.brake(), facts.now, "the brake");
  const acts = open.map(async (entry) => {
    const act = await decide(entry, { ...seenInPreview(entry, ports, facts), brake }, ports, facts);
    return [entry.request.name, act] as const;
  });
  return new Map(await Promise.all(acts));
}

function seenInPreview(entry: ResolvedRequest, ports: PreviewPorts, { ledgerFacts, hold, unreviewed, now }: PreviewFacts): Observation {
  const { plan, device = null } = entry;
  const time = { now, isClockSure: isClockSure(ports.graphClock()) };
  return {
    device: deviceSeen(entry, now),
    clock: seeClock(ports, now),
    hold: seenOrAbsent(hold, now, "the guard on settings"),
    review: seenOrAbsent(unreviewed(plan), now, "what differs from the review"),
    // It is this preview that shows it.
    shown: absent("nothing was shown before", now),
    permissions: seen(new Map(), now, "the run that follows"),
    ledger: seen(ledgerLook(ledgerFacts, plan, device, time), now, "the ledger"),
  };
}

function deviceSeen({ device = null, unreadable: error }: ResolvedRequest, at: number): Seen<ManagedDevice> {
  if (error !== null) return unreadable(error, at);
  return device === null ? absent("Graph says that it does not know the device", at) : seen(device, at, "Graph");
}

async function decide(entry: ResolvedRequest, observation: Observation, ports: PreviewPorts, facts: PreviewFacts): Promise<FirstAct> {
  const act = firstActOf(situationOf(entry, observation, ports, facts));
  if (act.kind !== "look") return act;
  return decide(entry, { ...observation, ...(await lookFurther(act.at, entry, ports, facts.now)) }, ports, facts);
}

/**
 * Only an approval, and whether a device is gone, are left to look at: everything else was looked
 * at for all requests together.
 */
async function lookFurther(
  at: readonly Look[],
  { plan, history }: ResolvedRequest,
  { actions, directory }: PreviewPorts,
  now: number,
): Promise<Partial<Observation>> {
  if (at.includes("gone")) return seeGone(plan, directory, now);
  if (!at.includes("approval")) throw new Error(`a preview cannot look at ${at.join(", ")}`);
  const state = plan.steps.map((step) => stepOf(history, step)).find(({ kind }) => kind === "approvalRequired");
  if (state?.kind !== "approvalRequired") return { approval: absent("no step waits for an approval", now) };
  const { approvalRequest } = state;
  return { approval: await readable(now, async () => seen(await actions.approval(approvalRequest), now, "Graph")) };
}

function situationOf(entry: ResolvedRequest, observation: Observation, ports: PreviewPorts, { settings, now }: PreviewFacts): Situation {
  const { request, plan, history } = entry;
  const { name, expires, ticket, acknowledge, reason, repeats, source } = request;
  const time = { now, isClockSure: isClockSure(ports.graphClock()) };
  return {
    job: {
      name,
      plan,
      terms: { expires, ticket, acknowledge },
      edition: editionOf(request),
      reason,
      source: `${source.file}:${source.line}`,
      repeats,
      stack: settings.stack,
    },
    history,
    seen: observation,
    limits: { ...limitsOf(settings), canResendSecrets: ports.canResendSecrets },
    ...time,
    graceMs: graceOf(settings),
    goneAfterMs: goneAfterOf(settings),
    missingSince: time.isClockSure ? missedBefore(history) : null,
    mayWait: settings.waitMs > 0,
    sentNow: new Set(),
    isPlaced: true,
    putNow: new Set(),
    doubts: new Map(),
  };
}
