import { DAY_MS } from "../day.ts";
import { type ManagedDevice, platformOf } from "../managed-device.ts";
import type { ResultSecret } from "../secret-kinds.ts";

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

/** How long Intune shows it, in milliseconds. */
export function shownMs({ shownDays }: ResultSecret): number {
  return shownDays * DAY_MS;
}
