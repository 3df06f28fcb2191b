import { findRemoteAction, type RemoteAction } from "../domain/action-table.ts";
import { begunRecord, type RequestRecord } from "../domain/ledger-record.ts";
import type { ManagedDevice } from "../domain/managed-device.ts";
import { planDestroysData } from "../domain/plan.ts";
import type { Ports } from "../domain/ports.ts";
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

/** Of a request that destroys data not even the first step is done while this run, or the ledger, has something against the last. */
export async function refuseDestroying(job: Job, ports: Ports, settings: RunSettings, device: ManagedDevice): Refusal {
  if (!planDestroysData(job.plan)) return null;
  const held = await settings.holdDestructive();
  if (held !== null) return { outcome: "pending", reason: "Held", message: `${held}; nothing was sent` };
  return objectToDestroying(job, device, await ports.ledger.facts(), settings, ports.clock.now());
}
