import { printable } from "../../providers/domain/diagnostic.ts";
import type { EscrowEntry } from "../../providers/domain/ports.ts";
import { findSecret } from "../../providers/domain/secret-kinds.ts";

/** What a secret is of, how old it is and how to use it, line by line; without the secret. */
export function renderEntry(entry: EscrowEntry, now: number): readonly string[] {
  const { device, deviceName, requestKey, capturedAt, kind } = entry;
  const { title, use } = findSecret(kind) ?? { title: kind, use: "no hint for this kind of secret" };
  const lines = [
    `${title} of ${deviceName ?? "a device without a known name"}`,
    `  device    serial ${device.serialNumber ?? "unknown"}, id ${device.id}, enrolled ${device.enrolledDateTime ?? "unknown"}`,
    `  request   ${requestKey}`,
    `  captured  ${capturedAt} (${ageOf(capturedAt, now)})`,
    `  to use    ${use}`,
  ];
  return lines.map(printable);
}

const UNITS = [
  ["day", 24 * 60 * 60 * 1000],
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
