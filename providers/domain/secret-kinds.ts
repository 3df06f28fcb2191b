import { type ResultSecretKind, SECRETS, type Secret, type SecretKind, type SecretOrigin, type SentSecretKind } from "./secrets.ts";

/** The names of all secrets, in Graph's words. */
export const SECRET_KINDS = Object.keys(SECRETS) as readonly SecretKind[];

/** The row of a kind in the table of secrets. */
export function secretOf(kind: SecretKind): Secret {
  return SECRETS[kind];
}

/** The row of a name that a store or a ledger holds: another version may know more of them. */
export function findSecret(name: string): Secret | null {
  return Object.hasOwn(SECRETS, name) ? secretOf(name as SecretKind) : null;
}

type Of<Kind, Origin extends SecretOrigin["kind"]> = { readonly kind: Kind } & Omit<Extract<SecretOrigin, { kind: Origin }>, "kind">;

/** A secret that the device makes, and that Graph shows in the action's result for a while. */
export type ResultSecret = Of<ResultSecretKind, "result">;

/** A secret that we make, and that goes along with the call. */
export type SentSecret = Of<SentSecretKind, "sent">;

/** Secrets that Graph shows in the result of an action. */
export const RESULT_SECRETS: readonly ResultSecret[] = SECRET_KINDS.flatMap((kind) => {
  const { origin } = secretOf(kind);
  return origin.kind === "result" ? [{ ...origin, kind: kind as ResultSecretKind }] : [];
});

/** Secrets that the product makes and sends along with a call. */
export const SENT_SECRETS: readonly SentSecret[] = SECRET_KINDS.flatMap((kind) => {
  const { origin } = secretOf(kind);
  return origin.kind === "sent" ? [{ ...origin, kind: kind as SentSecretKind }] : [];
});
