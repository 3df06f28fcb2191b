import { type ManagedDevice, type Platform, platformOf } from "../managed-device.ts";

/** A secret that the device makes, and that Graph shows in the action's result for a while. */
export interface ResultSecret {
  readonly kind: "passcode" | "unlockPin";
  /** Always on these platforms, maybe on others. */
  readonly on: readonly Platform[];
  /** Days for which Intune shows it, at most. */
  readonly shownDays: number;
  /** The page that says so. */
  readonly source: string;
}

interface ReportingAction {
  readonly result: { readonly kind: "none" } | { readonly kind: "reported"; readonly secret?: ResultSecret };
}

/**
 * The secret that the action makes on such a device; null where it makes none, or nobody knows the
 * platform.
 */
export function secretMadeOn({ result }: ReportingAction, device: Pick<ManagedDevice, "operatingSystem">): ResultSecret | null {
  const secret = result.kind === "reported" ? result.secret : undefined;
  const platform = platformOf({ operatingSystem: device.operatingSystem, model: null });
  return secret !== undefined && platform !== null && secret.on.includes(platform) ? secret : null;
}

/** As people call it. */
export const SECRET_WORDS: Readonly<Record<ResultSecret["kind"], string>> = { passcode: "passcode", unlockPin: "PIN" };

/** How long Intune shows it, in milliseconds. */
export function shownMs({ shownDays }: ResultSecret): number {
  return shownDays * 24 * 60 * 60 * 1000;
}
