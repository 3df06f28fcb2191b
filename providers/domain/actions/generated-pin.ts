import { type ManagedDevice, platformOf } from "../managed-device.ts";
import { SENT_SECRETS } from "../secret-kinds.ts";
import type { SentSecretKind } from "../secrets.ts";

/**
 * The secret that we make up and send along with the call, by the name of its parameter; null where
 * none goes along.
 */
export function generatedSecretOf(action: string, device: ManagedDevice): SentSecretKind | null {
  const platform = platformOf(device);
  if (platform === null) return null;
  return SENT_SECRETS.find((secret) => secret.action === action && secret.on.includes(platform))?.kind ?? null;
}

/** True where a call carries such a secret, which Graph never shows again. */
export function carriesGeneratedPin(action: string, device: ManagedDevice): boolean {
  return generatedSecretOf(action, device) !== null;
}
