import { findRemoteAction, type RemoteAction } from "../domain/action-table.ts";
import { begunRecord, type RequestRecord } from "../domain/ledger-record.ts";
import type { ManagedDevice } from "../domain/managed-device.ts";
import { planDestroysData } from "../domain/plan.ts";
import type { Ports } from "../domain/ports.ts";
import { isRepeated, listName, requestNameOf } from "../domain/request.ts";
import { isUnsettled } from "./is-ended.ts";
import type { Job, Verdict } from "./job.ts";

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

/** Whoever renames a request, or loses its state, must not wipe the same device again. */
export async function refuseRepetition({ plan, name, repeats }: Job, ports: Ports, device: ManagedDevice): Refusal {
  if (!planDestroysData(plan)) return null;
  const facts = await ports.ledger.facts();
  const intents = facts.destructiveIntents({ ...plan.device, serialNumber: device.serialNumber ?? plan.device.serialNumber });
  const last = intents.at(-1)?.key;
  if (last === undefined) return null;
  const other = requestNameOf(last);
  if (other === name || isRepeated(repeats, other)) return refuseUnfinished(plan.key, last, other, ports);
  return {
    outcome: "failed",
    reason: "AlreadyDestroyed",
    message: `request ${other} already destroyed data on this device; nothing was sent. If it shall be done again, write repeats: ${listName(other)}`,
  };
}

/** What may still take effect must not be done again: the older request has to end first. */
async function refuseUnfinished(key: string, last: string, other: string, ports: Ports): Refusal {
  if (last === key || !isUnsettled(await ports.ledger.recordsOf(last))) return null;
  const message = `request ${other} is not finished with this device, and its step may still take effect; nothing was sent. Settle it first: npm run settle -- ${other}`;
  return { outcome: "failed", reason: "EarlierNotFinished", message };
}
