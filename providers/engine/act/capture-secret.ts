import type { ManagedDevice } from "../../domain/managed-device.ts";
import type { PlanStep } from "../../domain/plan.ts";
import type { Ports } from "../../domain/ports.ts";
import type { Redacted } from "../../domain/redacted.ts";
import { secretOf } from "../../domain/secret-kinds.ts";
import type { SecretKind } from "../../domain/secrets.ts";
import type { EscrowedRecord } from "../../domain/step-record.ts";
import type { Job } from "../job.ts";

/** A secret at hand, with the step that brought it and the device that it is of. */
interface CapturedSecret {
  readonly kind: SecretKind;
  readonly secret: Redacted<string>;
  readonly step: PlanStep;
  readonly device: ManagedDevice;
}

/**
 * Puts one secret into escrow and its reference into the ledger, in this order: a crash between the
 * two leaves an entry that nobody refers to, never a reference to nothing. `EscrowStore.put`
 * returns only after reading back and comparing.
 */
export async function captureSecret({ kind, secret, step, device }: CapturedSecret, job: Job, ports: Ports): Promise<EscrowedRecord> {
  const at = new Date(ports.clock.now()).toISOString();
  const { reference } = await ports.escrow.put(
    { kind, requestKey: job.plan.key, device: job.plan.device, deviceName: device.deviceName, capturedAt: at },
    secret,
  );
  const fingerprint = secretOf(kind).hasFingerprint ? ports.fingerprint(secret) : null;
  const record: EscrowedRecord = {
    kind: "escrowed",
    key: job.plan.key,
    at,
    step: step.index,
    secret: kind,
    reference,
    fingerprint,
    device: job.plan.device,
  };
  await ports.ledger.append(record);
  return record;
}
