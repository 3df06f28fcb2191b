import { ESCROW_STEP, findRemoteAction, type RemoteAction } from "../domain/action-table.ts";
import { assertNever } from "../domain/assert-never.ts";
import {
  type EscrowedRecord,
  type FinishedRecord,
  type IntentRecord,
  lastEscrowed,
  type RequestRecord,
  type ResultRecord,
  type SecretKind,
} from "../domain/ledger-record.ts";
import { type DeviceActionResult, isSupervisedApple, type ManagedDevice } from "../domain/managed-device.ts";
import { deviceReference, type PlanStep } from "../domain/plan.ts";
import type { ActionCall, Ports, SendResult } from "../domain/ports.ts";
import { Redacted } from "../domain/redacted.ts";
import { captureSecret } from "./capture-secret.ts";
import { carriesGeneratedPin } from "./generated-secret.ts";
import type { Job, RunSettings, Verdict } from "./job.ts";
import { snapshotOf } from "./match-result.ts";
import { objectToDestroying } from "./objection.ts";

/**
 * Reads the bypass code and escrows it when it is not in escrow yet; `begin` runs before anything is kept. Returns a verdict
 * when there is no code and nobody said that this is known.
 */
export async function captureCode(
  job: Job,
  ports: Ports,
  step: PlanStep,
  device: ManagedDevice,
  records: readonly RequestRecord[],
  run: { readonly begin: () => Promise<void> /** References that this run itself put and read back. */; readonly put: Set<string> },
): Promise<Verdict | null> {
  const code = await ports.directory.readBypassCode(deviceReference(job.plan));
  const earlier = lastEscrowed(records, "activationLockBypassCode");
  if (code === null && earlier === undefined && !job.terms.acknowledge.includes("noBypassCode")) return noCode(device);
  await run.begin();
  if (code !== null && !isEscrowed(code, earlier, ports, run.put)) {
    run.put.add((await captureSecret(job, ports, step, device, "activationLockBypassCode", code)).reference);
  }
  if (step.action === ESCROW_STEP) await recordFinished(job, ports, step, "done", ...escrowEnd(code !== null, earlier !== undefined));
  return null;
}

/** An entry of an earlier run may be gone by now, and we cannot look: what this run has not seen in escrow is put there again. */
function isEscrowed(code: Redacted<string>, earlier: EscrowedRecord | undefined, ports: Ports, put: ReadonlySet<string>): boolean {
  return (
    earlier !== undefined && put.has(earlier.reference) && earlier.fingerprint !== null && earlier.fingerprint === ports.fingerprint(code)
  );
}

function escrowEnd(hasCode: boolean, hadCode: boolean): [FinishedRecord["reason"], string] {
  if (hasCode) return ["Escrowed", "the bypass code is in escrow, read back and compared"];
  if (hadCode) return ["AlreadyEscrowed", "Intune has no code any more; the one that was escrowed of this enrolment is kept"];
  return ["NoBypassCode", "Intune has no bypass code of this device, as acknowledged"];
}

function noCode(device: ManagedDevice): Verdict {
  const message = `Intune has no Activation Lock bypass code of ${device.deviceName ?? device.id}: after a wipe nobody could unlock it. Nothing was sent. If that is known and right, add noBypassCode to acknowledge`;
  return { outcome: "failed", reason: "NoBypassCode", message };
}

/** One sending of a step. */
export interface Sending {
  readonly step: PlanStep;
  readonly action: RemoteAction;
  readonly device: ManagedDevice;
  readonly attempt: number;
  readonly approvalRequest: string | undefined;
  /** References that this run put into escrow and read back. */
  readonly put: ReadonlySet<string>;
}

/** Intent, send, result: in this order, each durable before the next. Gives a verdict, and sends nothing, where the ledger objects. */
export async function sendStep(job: Job, ports: Ports, settings: RunSettings, sending: Sending): Promise<Verdict | null> {
  const { step, action, device, attempt, approvalRequest } = sending;
  const secretParameters = await secretsOf(job, ports, sending);
  const intent = intentOf(job, ports, step, device, attempt);
  const objection = await recordIntent(intent, job, ports, settings, device);
  if (objection !== null) return objection;
  const call: ActionCall = {
    device: deviceReference(job.plan),
    action,
    parameters: step.parameters,
    clientRequestId: intent.clientRequestId,
    holdBack: holdBackOf(job, ports, sending),
    justification: [job.reason, job.terms.ticket, job.name, settings.change].filter((text) => text !== null).join(" · "),
    ...(secretParameters === null ? {} : { secretParameters }),
    ...(approvalRequest === undefined ? {} : { approvalRequest }),
  };
  const result = await ports.actions.send(call);
  await ports.ledger.append(resultOf(intent, result, now(ports)));
  return null;
}

/** Before a call goes to Graph again, throttled, the code is read again: while it waited the device may have made another. */
function holdBackOf(job: Job, ports: Ports, { action, device, put }: Sending): ActionCall["holdBack"] {
  let tries = 0;
  return async () => {
    const brake = await ports.ledger.brake(job.plan.device.id);
    if (brake !== null) return `the brake is set: ${brake}`;
    tries += 1;
    if (tries === 1 || !action.destroysData || !isSupervisedApple(device)) return null;
    const code = await ports.directory.readBypassCode(deviceReference(job.plan));
    const earlier = lastEscrowed(await ports.ledger.recordsOf(job.plan.key), "activationLockBypassCode");
    if (code === null || isEscrowed(code, earlier, ports, put)) return null;
    return "the device made a new bypass code meanwhile, which has to be escrowed first";
  };
}

async function recordIntent(
  intent: IntentRecord,
  job: Job,
  ports: Ports,
  settings: RunSettings,
  device: ManagedDevice,
): Promise<Verdict | null> {
  if (intent.destroysData)
    return ports.ledger.appendUnless(intent, (facts) => objectToDestroying(job, device, facts, settings, ports.clock.now()));
  await ports.ledger.append(intent);
  return null;
}

/** In escrow before it is sent; what was approved is sent again with the secret that it was approved with. */
async function secretsOf(
  job: Job,
  ports: Ports,
  { step, action, device, approvalRequest }: Sending,
): Promise<Record<string, Redacted<string>> | null> {
  if (!carriesGeneratedPin(action.name, device)) return null;
  const approved = approvalRequest === undefined ? null : await approvedSecret(job, ports, step);
  if (approved !== null) return { macOsUnlockCode: approved };
  const pin = new Redacted(ports.pin());
  await captureSecret(job, ports, step, device, "macOsUnlockCode", pin);
  return { macOsUnlockCode: pin };
}

async function approvedSecret(job: Job, ports: Ports, step: PlanStep): Promise<Redacted<string> | null> {
  const own = (await ports.ledger.recordsOf(job.plan.key)).filter((record) => "step" in record && record.step === step.index);
  const escrowed = lastEscrowed(own, "macOsUnlockCode");
  return escrowed === undefined || ports.escrow.readBack === null ? null : ports.escrow.readBack(escrowed.reference);
}

function intentOf(job: Job, ports: Ports, step: PlanStep, device: ManagedDevice, attempt: number): IntentRecord {
  return {
    kind: "intent",
    key: job.plan.key,
    at: now(ports),
    step: step.index,
    attempt,
    action: step.action,
    destroysData: findRemoteAction(step.action)?.destroysData ?? false,
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
export async function finishStep(
  job: Job,
  ports: Ports,
  step: PlanStep,
  device: ManagedDevice | null,
  end: {
    readonly status: FinishedRecord["status"];
    readonly reason: FinishedRecord["reason"];
    readonly detail: string;
    readonly result: DeviceActionResult | null;
  },
): Promise<void> {
  const kind = secretKindOf(step);
  if (kind !== null && device !== null && end.result?.secret !== undefined)
    await captureSecret(job, ports, step, device, kind, end.result.secret);
  await recordFinished(job, ports, step, end.status, end.reason, end.detail);
}

function secretKindOf(step: PlanStep): SecretKind | null {
  const result = findRemoteAction(step.action)?.result;
  return result?.kind === "reported" ? (result.secret?.kind ?? null) : null;
}

async function recordFinished(
  job: Job,
  ports: Ports,
  step: PlanStep,
  status: FinishedRecord["status"],
  reason: FinishedRecord["reason"],
  detail: string,
): Promise<void> {
  await ports.ledger.append({ kind: "finished", key: job.plan.key, at: now(ports), step: step.index, status, reason, detail });
}

export function now(ports: Ports): string {
  return new Date(ports.clock.now()).toISOString();
}
