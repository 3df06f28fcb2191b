import type { EscrowEntry } from "../../providers/domain/ports.ts";
import { DEVICE } from "../contract/sample-records.ts";

export const SECRET = "Q2WJ7-K9F4M-XT0DH-5VNR8-PC3ZL-61GYB";

export const ENTRY: EscrowEntry = {
  kind: "activationLockBypassCode",
  requestKey: "leeds-leaver-0042#1",
  device: DEVICE,
  deviceName: "Anna’s iPad",
  capturedAt: "2026-11-20T12:00:00.000Z",
};

/** The ways in which a secret could be lying around. */
export function formsOf(secret: string): readonly string[] {
  return [secret, Buffer.from(secret).toString("base64"), Buffer.from(secret).toString("base64url"), Buffer.from(secret).toString("hex")];
}
