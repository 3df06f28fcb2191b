import type { TokenCredential } from "@azure/identity";
import type { Clock } from "../../domain/ports.ts";

const HOUR_MS = 60 * 60 * 1000;

/** A vault double on this machine takes any token, and never gets one of the organisation's. */
export function loopbackCredential(clock: Clock): TokenCredential {
  return { getToken: async () => ({ token: "loopback", expiresOnTimestamp: clock.now() + HOUR_MS }) };
}
