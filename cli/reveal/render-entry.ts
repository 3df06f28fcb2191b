import { DAY_MS } from "../../providers/domain/day.ts";
import { printable } from "../../providers/domain/diagnostic.ts";
import type { StoredEntry } from "../../providers/domain/ports.ts";
import { findSecret } from "../../providers/domain/secret-kinds.ts";

/**
 * What a secret is of, how old it is and how to use it, line by line; without the secret.
 * `operatingSystem`: as Graph names it, null where nobody knows.
 */
export function renderEntry(entry: StoredEntry, now: number, operatingSystem: string | null = null): readonly string[] {
  const { device, deviceName, requestKey, capturedAt, kind } = entry;
  const { title, use } = findSecret(kind) ?? { title: kind, use: "no hint for this kind of secret" };
  const lines = [
    `${title} of ${deviceName ?? "a device without a known name"}`,
    `  device    serial ${device.serialNumber ?? "unknown"}, id ${device.id}, enrolled ${device.enrolledDateTime ?? "unknown"}`,
    `  request   ${requestKey}`,
    `  captured  ${capturedAt} (${ageOf(capturedAt, now)})`,
    ...(kind === "activationLockBypassCode" ? bypassUses(use, operatingSystem) : [use]).map((line) => `  to use    ${line}`),
  ];
  return lines.map(printable);
}

/** Where nobody knows which device it is, both ways are told. */
function bypassUses(use: string, operatingSystem: string | null): readonly string[] {
  const isMac = /^mac/i.test(operatingSystem ?? "");
  if (isMac) return [ON_A_MAC];
  return operatingSystem === null ? [use, ON_A_MAC] : [use];
}

/** Source: https://support.apple.com/guide/deployment/activation-lock-depf4d42cc41/web */
const ON_A_MAC = "on a Mac start up from macOS Recovery; in the menu Recovery Assistant choose Activate with MDM key, and enter the code";

const UNITS = [
  ["day", DAY_MS],
  ["hour", 60 * 60 * 1000],
  ["minute", 60 * 1000],
] as const;

function ageOf(capturedAt: string, now: number): string {
  const age = now - Date.parse(capturedAt);
  if (Number.isNaN(age)) return "age unknown";
  for (const [unit, length] of UNITS) {
    const count = Math.floor(age / length);
    if (count >= 1) return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
  }
  return "just now";
}
