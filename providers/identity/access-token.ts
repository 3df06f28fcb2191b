import { isObject, parseJson } from "../domain/json.ts";
import type { Redacted } from "../domain/redacted.ts";

/**
 * A token and what it says of itself. It is Graph that checks it: the claims only tell early what
 * Graph would refuse.
 */
export interface AccessToken {
  readonly token: Redacted<string>;
  /** Milliseconds since the epoch; null when nobody can tell. */
  readonly expiresOn: number | null;
  /** Null for a token that cannot be read here. */
  readonly claims: TokenClaims | null;
}

/**
 * What of the token's claims the program reads, unverified:
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export interface TokenClaims {
  /** Application permissions. */
  readonly roles: readonly string[];
  /** Delegated permissions. */
  readonly scp: readonly string[];
  /** The service that the token is for: an address, or an id. */
  readonly aud: string | null;
  readonly tid: string | null;
  readonly appid: string | null;
  /** The person or service principal. */
  readonly oid: string | null;
}

/** Who acts: the application itself, or a person through it. */
export type Identity = "application" | "delegated";

/** How a token is wanted; without `renew` a cached one will do. */
export interface TokenOptions {
  /** Ask the issuer anew: Graph refused the last token. */
  readonly renew?: boolean;
}

/**
 * Tokens for Graph: of the application, and of a person who signed in; null where there is none.
 * Throws `SignInError` for one that should be there and cannot be had: a secret that was refused, a
 * sign-in that lapsed.
 */
export interface TokenSource {
  application(options?: TokenOptions): Promise<AccessToken | null>;
  delegated(options?: TokenOptions): Promise<AccessToken | null>;
}

/**
 * What may stand in an Authorization header; anything else would end up in an error text of the
 * HTTP client.
 */
const TOKEN_FORM = /^[A-Za-z0-9._~+/=-]{1,32768}$/;

/** Checked before a token is used: letters, digits and `._~+/=-`, 32,768 at most. */
export function isTokenText(text: string): boolean {
  return TOKEN_FORM.test(text);
}

/** `expiresOn` of the issuer wins over the token's own claim. */
export function parseAccessToken(token: Redacted<string>, expiresOn?: number): AccessToken {
  const payload = readPayload(token);
  const ownExpiry = typeof payload?.exp === "number" ? payload.exp * 1000 : null;
  return { token, expiresOn: expiresOn ?? ownExpiry, claims: payload === null ? null : readClaims(payload) };
}

function readPayload(token: Redacted<string>): Readonly<Record<string, unknown>> | null {
  const parts = token.reveal().split(".");
  if (parts.length !== 3) return null;
  const payload = parseJson(Buffer.from(parts[1] ?? "", "base64url").toString("utf8"));
  return isObject(payload) ? payload : null;
}

function readClaims(payload: Readonly<Record<string, unknown>>): TokenClaims {
  return {
    roles: Array.isArray(payload.roles) ? payload.roles.filter((role) => typeof role === "string") : [],
    scp: typeof payload.scp === "string" ? payload.scp.split(" ").filter((scope) => scope !== "") : [],
    aud: textOrNull(payload.aud),
    tid: textOrNull(payload.tid),
    appid: textOrNull(payload.appid) ?? textOrNull(payload.azp),
    oid: textOrNull(payload.oid),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
