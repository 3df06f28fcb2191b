import { findRemoteAction, type RemoteAction } from "../domain/action-table.ts";
import { begunRecord, type RequestRecord } from "../domain/ledger-record.ts";
import type { ManagedDevice } from "../domain/managed-device.ts";
import { type Plan, type PlanStep, planDestroysData, planIsGuarded } from "../domain/plan.ts";
import type { LedgerFacts, Ports } from "../domain/ports.ts";
import { carriesGeneratedPin } from "./generated-secret.ts";
import type { Job, RunSettings, Verdict } from "./job.ts";
import { objectToDestroying } from "./objection.ts";

/** What keeps a step from being done that only a port can tell; null when nothing does. */
type Refusal = Promise<Verdict | null>;

export async function refuseByBrake(ports: Ports): Refusal {
  const brake = await ports.ledger.brake();
  if (brake === null) return null;
  return { outcome: "pending", reason: "Brake", message: `the brake is set: ${brake}; nothing is sent until: npm run resume` };
}

/** A permission that only a later step needs is missed before the first step, not half-way. */
export async function refuseBeforeBegin(job: Job, ports: Ports, records: readonly RequestRecord[]): Refusal {
  if (begunRecord(records) !== undefined) return null;
  for (const step of job.plan.steps) {
    const action = findRemoteAction(step.action);
    const refusal = action === undefined ? null : await refuseByPermission(ports, action);
    if (refusal !== null) return refusal;
  }
  return null;
}

export async function refuseByPermission(ports: Ports, action: RemoteAction): Refusal {
  const answer = await ports.actions.permission(action);
  if (answer.kind !== "missing") return null;
  const why = answer.why === undefined ? "" : ` (${answer.why})`;
  return {
    outcome: "awaitingSignIn",
    reason: "PermissionMissing",
    message: `${action.name} needs ${answer.permission}; sign in with: ${answer.signIn}${why}`,
  };
}

export async function refuseByHold(settings: RunSettings): Refusal {
  const held = await settings.hold();
  return held === null ? null : { outcome: "pending", reason: "Held", message: `${held}; nothing was sent` };
}

/** Of a request that destroys data, or escrows what it finds, not even the first step is done while this run, or the ledger, has something against the last. */
export async function refuseDestroying(job: Job, ports: Ports, settings: RunSettings, device: ManagedDevice): Refusal {
  const held = planIsGuarded(job.plan) ? await refuseByHold(settings) : null;
  if (held !== null) return held;
  if (!planDestroysData(job.plan)) return null;
  const facts = await ports.ledger.facts();
  return objectToDestroying(job, device, facts, settings, ports.clock.now()) ?? objectToPin(job.plan, device, facts, ports);
}

/** A call that another administrator has to approve is sent twice, the same in all of it: without the PIN that went along it never would be. */
function objectToPin(plan: Plan, device: ManagedDevice, facts: LedgerFacts, { escrow }: Ports): Verdict | null {
  if (escrow.readBack !== null) return null;
  const wasSent = (step: PlanStep) => facts.recordsOf(plan.key).some((record) => record.kind === "intent" && record.step === step.index);
  const step = plan.steps.find(({ action }) => carriesGeneratedPin(action, device) && facts.wasApprovalAsked(action));
  if (step === undefined || wasSent(step)) return null;
  const message = `${step.action} of a Mac carries a PIN, and another administrator has to approve it here: the same PIN would have to be sent again, and this escrow cannot give it back. Nothing was sent. A Key Vault can: set the configuration key escrow to one`;
  return { outcome: "failed", reason: "SecretNotResendable", message };
}
