import type { EscrowEntry, StoredEntry } from "../../domain/ports.ts";

const MAX_TAG = 256;

/**
 * Tags of a secret, in the clear for everybody who may list the vault: no names of people or
 * devices, and never the secret.
 */
export function entryTags(entry: EscrowEntry): Record<string, string> {
  const { kind, device, requestKey, capturedAt } = entry;
  const tags = {
    version: "1",
    kind,
    deviceId: device.id,
    serialNumber: device.serialNumber,
    enrolledDateTime: device.enrolledDateTime,
    requestKey,
    capturedAt,
  };
  const known = Object.entries(tags).filter((tag): tag is [string, string] => tag[1] !== null);
  return Object.fromEntries(known.map(([name, value]) => [name, value.slice(0, MAX_TAG)]));
}

/** Null for a secret that is not one of ours. */
export function entryOfTags(tags: Readonly<Record<string, string>>): StoredEntry | null {
  const { version, kind, deviceId, serialNumber, enrolledDateTime, requestKey, capturedAt } = tags;
  if (version !== "1" || kind === undefined || deviceId === undefined || requestKey === undefined || capturedAt === undefined) return null;
  return {
    kind,
    requestKey,
    device: { id: deviceId, serialNumber: serialNumber ?? null, enrolledDateTime: enrolledDateTime ?? null },
    deviceName: null,
    capturedAt,
  };
}
