import type { CodeWord, Escrow, LockDevice } from "./report.ts";

/** How a code stands, for people. */
export const CODE_TEXT: Readonly<Record<CodeWord, string>> = {
  present: "code present",
  none: "no code",
  unreadable: "could not be read",
  notAsked: "not asked",
};

/** How an escrow stands, for people. */
export function escrowText(escrow: Escrow | null): string {
  switch (escrow?.stale) {
    case undefined:
      return "not escrowed";
    case null:
      return "escrowed";
    case "setUpSince":
      return "stale: set up since";
    case "otherCode":
      return "stale: another code";
  }
}

/** A Mac is supervised by the way in which it was enrolled, whatever the flag says. */
export function supervisedText({ isSupervised, platform }: Pick<LockDevice, "isSupervised" | "platform">): string {
  if (isSupervised === true) return "yes";
  return platform === "macOS" && isSupervised === false ? "by enrolment" : "not told";
}

/** `iPadOS 18.1`. */
export function systemText({ platform, osVersion }: Pick<LockDevice, "platform" | "osVersion">): string {
  return [platform ?? "", osVersion ?? ""].filter((word) => word !== "").join(" ");
}

/** What is odd about a device. */
export function remarkText({ problem, sharesSerialNumber }: Pick<LockDevice, "problem" | "sharesSerialNumber">): string {
  return [...(sharesSerialNumber ? ["shares its serial number with another device"] : []), ...(problem === null ? [] : [problem])].join(
    "; ",
  );
}
