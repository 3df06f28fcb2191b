import { assertNever } from "../../../domain/assert-never.ts";
import { DAY_MS } from "../../../domain/day.ts";
import type { DriftLook } from "../../../domain/drift.ts";
import type { Clock, EscrowWatch, SecretLook } from "../../../domain/ports.ts";
import { secretOf } from "../../../domain/secret-kinds.ts";
import type { EscrowedRecord } from "../../../domain/step-record.ts";

/** What escrowed secrets are looked at with. */
export interface SecretSights {
  readonly escrowWatch: EscrowWatch;
  readonly clock: Clock;
}

/** A secret that expires within this many days is told. */
const SOON_DAYS = 30;

/** Whether each newest secret of a request is still to be had. */
export async function lookAtSecrets(secrets: readonly EscrowedRecord[], sights: SecretSights): Promise<readonly DriftLook[]> {
  return await Promise.all(
    secrets.map(async ({ secret, reference }) => {
      const { word } = secretOf(secret);
      return { about: reference, found: findingOf(word, reference, await sights.escrowWatch.look(reference), sights.clock.now()) };
    }),
  );
}

function findingOf(word: string, reference: string, look: SecretLook, now: number): DriftLook["found"] {
  switch (look.kind) {
    case "there":
      return expiring(word, reference, look.expiresAt, now);
    case "disabled":
      return { kind: "SecretDisabled", message: `the escrowed ${word} is disabled, and nobody can read it: ${reference}` };
    case "deleted":
      return { kind: "SecretDeleted", message: `the escrowed ${word} was deleted: ${reference}: ${look.detail}` };
    case "notAllowed":
      return { kind: "SecretNotLookedAt", message: `whether escrowed secrets are still there is not looked at: ${look.why}` };
    case "unseen":
      return { kind: "SecretNotSeen", message: `whether the escrowed ${word} is still there cannot be seen: ${look.why}` };
    default:
      return assertNever(look);
  }
}

function expiring(word: string, reference: string, expiresAt: string | null, now: number): DriftLook["found"] {
  if (expiresAt === null || Date.parse(expiresAt) - now > SOON_DAYS * DAY_MS) return null;
  const when = Date.parse(expiresAt) <= now ? "expired" : "expires";
  return { kind: "SecretExpires", message: `the escrowed ${word} ${when} at ${expiresAt}: ${reference}` };
}
