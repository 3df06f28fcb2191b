import { thousands } from "../sheet/thousands.ts";
import type { ActivationLockReport, LockDevice, LockTotals } from "./report.ts";

/** Counts of the devices of a report. */
export function countDevices(devices: readonly LockDevice[]): LockTotals {
  const of = (isCounted: (device: LockDevice) => boolean) => devices.filter(isCounted).length;
  return {
    canHaveLock: devices.length,
    present: of(({ code }) => code === "present"),
    none: of(({ code }) => code === "none"),
    unreadable: of(({ code }) => code === "unreadable"),
    notAsked: of(({ code }) => code === "notAsked"),
    escrowed: of(({ escrow }) => escrow !== null),
    stale: of(({ escrow }) => escrow !== null && escrow.stale !== null),
    sharingSerialNumber: of(({ sharesSerialNumber }) => sharesSerialNumber),
  };
}

/**
 * `1,204 devices can have the lock: 1,180 code present, 24 no code; 310 escrowed, 12 of them
 * stale`, and further lines where there is more to know.
 */
export function tellTotals({ totals, chosen, devices }: Pick<ActivationLockReport, "totals" | "chosen" | "devices">): readonly string[] {
  const { canHaveLock, escrowed, stale, sharingSerialNumber } = totals;
  const who = `${thousands(canHaveLock)} ${canHaveLock === 1 ? "device" : "devices"} can have the lock`;
  const held = `${thousands(escrowed)} escrowed${escrowed === 0 ? "" : `, ${thousands(stale)} of them stale`}`;
  return [
    `${who}: ${codeWords(totals).join(", ")}; ${held}`,
    ...(sharingSerialNumber === 0 ? [] : [`${thousands(sharingSerialNumber)} share a serial number with another of them`]),
    ...(chosen.length === 0 ? [] : [`shown: ${thousands(devices.length)} (${chosen.join(", ")})`]),
  ];
}

function codeWords({ present, none, unreadable, notAsked }: LockTotals): readonly string[] {
  const failed = unreadable === 0 ? [] : [`${thousands(unreadable)} could not be read`];
  if (notAsked > 0) return ["codes were not asked for", ...failed];
  return [`${thousands(present)} code present`, `${thousands(none)} no code`, ...failed];
}
