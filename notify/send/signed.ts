import { Webhook } from "standardwebhooks";
import type { Redacted } from "../../providers/domain/redacted.ts";

/**
 * The headers by which a receiver knows who sent a body, when, and whether it has it already: the
 * id is the event's own. One signature for each secret, so that one can be changed for another.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signed(id: string, body: string, secrets: readonly Redacted<string>[], now: number): Readonly<Record<string, string>> {
  const at = new Date(now);
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now / 1_000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret.reveal()).sign(id, at, body)).join(" "),
  };
}
