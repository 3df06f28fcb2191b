import { DRIFTS, type DriftFinding, type DriftLook } from "../../../domain/drift.ts";
import type { Condition } from "../../../domain/outcome.ts";
import { planDestroysData } from "../../../domain/plan.ts";
import type { Ports } from "../../../domain/ports.ts";
import { historyOf } from "../../../engine/history.ts";
import { mergeDrift } from "../../../rules/merge-drift.ts";
import { findingsOf } from "../../drift-findings.ts";
import type { LifecycleOutputs } from "../../state.ts";
import { type DeviceSights, lookAtDevice } from "./look-at-device.ts";
import { lookAtReturn, type ReturnSights } from "./look-at-return.ts";
import { lookAtSecrets, type SecretSights } from "./look-at-secrets.ts";

/** What a refresh looks with. */
export interface DriftPorts extends DeviceSights, SecretSights, Pick<ReturnSights, "everyDevice"> {
  readonly ledger: Pick<Ports["ledger"], "recordsOf">;
}

/**
 * What a refresh finds out about a succeeded request: its device and its escrowed secrets are
 * looked at again, nothing is changed and nothing is recorded in the ledger. Returns the state with
 * its findings, and with the condition `Drifted` for the weightiest of them.
 */
export async function observeDrift(state: LifecycleOutputs, ports: DriftPorts, goneAfterMs: number): Promise<LifecycleOutputs> {
  if (state.outcome !== "succeeded") return state;
  const before = findingsOf(state);
  // A device that was wiped on purpose is gone, or set up again: that is no drift, and no reason to
  // suggest another wipe.
  const ofDevice = planDestroysData(state.plan)
    ? await lookAtReturn(state, ports)
    : await lookAtDevice(state, ports, { missedAt: missedAt(before), goneAfterMs });
  const { escrowed } = historyOf(await ports.ledger.recordsOf(state.plan.key));
  const looks = [...ofDevice, ...(await lookAtSecrets(Object.values(escrowed), ports))];
  const drift = mergeDrift(withoutOldSecrets(before, looks), looks, new Date(ports.clock.now()).toISOString());
  return withFindings(state, drift);
}

/** The state with these findings, and with the condition that older scripts read. */
export function withFindings<State extends Pick<LifecycleOutputs, "conditions" | "drift">>(
  state: State,
  drift: readonly DriftFinding[],
): State {
  const others = state.conditions.filter(({ type }) => type !== "Drifted");
  const worst = drift.find(({ kind, state: word }) => word !== "resolved" && DRIFTS[kind].weight !== "notice");
  return { ...state, conditions: worst === undefined ? others : [...others, conditionOf(worst)], drift };
}

function conditionOf({ kind, message, firstSeen }: DriftFinding): Condition {
  const status = DRIFTS[kind].weight === "drift" ? "True" : "Unknown";
  return { type: "Drifted", status, reason: kind, message, lastTransitionTime: firstSeen };
}

/**
 * Milliseconds since the epoch; null where no refresh has missed the device yet. What was proven to
 * be gone was missed long enough.
 */
function missedAt(before: readonly DriftFinding[]): number | null {
  const open = before.filter(({ state }) => state !== "resolved");
  if (open.some(({ kind }) => kind === "LeftIntune" || kind === "EnrolledElsewhere")) return Number.NEGATIVE_INFINITY;
  const since = open.find(({ kind }) => kind === "NotKnown");
  return since === undefined ? null : Date.parse(since.firstSeen);
}

/** A newer escrow has taken the place of what is not looked at any more. */
function withoutOldSecrets(before: readonly DriftFinding[], looks: readonly DriftLook[]): readonly DriftFinding[] {
  const current = new Set([...looks.map(({ about }) => about), "device", "bypassCode"]);
  return before.filter(({ about }) => current.has(about));
}
