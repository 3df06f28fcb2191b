import { printable } from "../../domain/diagnostic.ts";
import { EscrowError, ProductError } from "../../domain/errors.ts";
import { isObject } from "../../domain/json.ts";
import { type Redacted, withoutSecrets } from "../../domain/redacted.ts";

/**
 * What the vault or its client said, without the request: the client's own errors carry the body,
 * and so the secret.
 */
export interface VaultAnswer {
  /** HTTP status, or null when no answer came. */
  readonly status: number | null;
  /** Key Vault's or the system's code (`Forbidden`, `ENOTFOUND`), or the error's name. */
  readonly code: string;
  readonly message: string;
}

/**
 * Takes `secret` out of the answer's texts, for a vault may repeat what it was sent; null where
 * none was.
 */
export function vaultAnswer(error: unknown, secret: Redacted<string> | null): VaultAnswer {
  const { name, message, statusCode, code, details } = isObject(error) ? error : {};
  const said = isObject(details) && isObject(details.error) ? details.error : {};
  const status = typeof statusCode === "number" ? statusCode : null;
  const secrets = secret === null ? [] : [secret];
  return {
    status,
    code: [innerCode(said), said.code, code, name].find((candidate) => isCode(candidate, secrets)) ?? "Error",
    message: printable(withoutSecrets(wordsOf(said.message, message, status !== null || name === "TypeError"), secrets)).slice(0, 500),
  };
}

/**
 * Where an answer is no error of a vault's, the client's own words are the body as it came: a
 * secret that was asked for may be in it. Or it stumbles over it.
 */
function wordsOf(said: unknown, client: unknown, isAnswered: boolean): string {
  if (typeof said === "string") return said;
  if (isAnswered) return "the answer is not one of a vault";
  return typeof client === "string" ? client : "an unexpected error";
}

function isCode(candidate: unknown, secrets: readonly Redacted<string>[]): candidate is string {
  return typeof candidate === "string" && /^[\w.-]{1,100}$/.test(candidate) && withoutSecrets(candidate, secrets) === candidate;
}

/**
 * Why a 403 is one: `ForbiddenByRbac`, `ForbiddenByFirewall`, `AccessDenied`. The client spells the
 * wire's `innererror` its own way.
 */
function innerCode(said: Readonly<Record<string, unknown>>): unknown {
  const inner = said.innererror ?? said.innerError;
  return isObject(inner) ? inner.code : undefined;
}

/**
 * The vault's error as the user reads it. Errors of ours pass unchanged. The cause holds what was
 * answered and never what was sent.
 */
export function vaultFailure(error: unknown, doing: string, vaultUrl: string, secret: Redacted<string> | null): ProductError {
  if (error instanceof ProductError) return error;
  const answer = vaultAnswer(error, secret);
  const status = answer.status === null ? answer.code : `${answer.status} ${answer.code}`;
  return new EscrowError(`cannot ${doing} ${vaultUrl}: ${status}: ${answer.message}`, { hint: hintFor(answer), cause: answer });
}

const ROLE =
  "runs need to set and get secrets (the role that infrastructure/ makes, or Key Vault Secrets Officer on the vault), readers Key Vault Secrets User; new roles take some minutes";
const AGAIN = "run the command again; nothing destructive follows a failed escrow";

function hintFor(answer: VaultAnswer): string {
  if (Object.hasOwn(BY_CODE, answer.code)) return BY_CODE[answer.code] ?? AGAIN;
  return (answer.status === null ? undefined : BY_STATUS[answer.status]) ?? AGAIN;
}

const BY_STATUS: Readonly<Record<number, string>> = {
  401: "the vault did not take the token: sign in again, and check that the identity belongs to the vault's tenant",
  403: ROLE,
  404: "check the name of the vault in the configuration key `escrow`, and whether the secret was deleted (`az keyvault secret recover` brings it back)",
  409: "a deleted secret has this name: recover or purge it, then run the command again",
  429: `the vault takes no more requests for now: wait a minute, then ${AGAIN}`,
};

const NO_VAULT = "no vault of this name can be reached: check the configuration key `escrow`, the network and the vault's firewall";
const NO_TOKEN = "no identity of this environment gave a token: sign in (`az login`), or set the variables of @azure/identity";

const BY_CODE: Readonly<Record<string, string>> = {
  SecretDisabled:
    "somebody disabled this version of the secret: find out why, then enable it (`az keyvault secret set-attributes --enabled true`)",
  ForbiddenByFirewall: "let this machine's address through the vault's firewall, or run where it is let through",
  ForbiddenByConnection:
    "the vault takes no connection from this network, whatever the roles: run where its private endpoint is reached, or allow this network in the vault's networking",
  ObjectIsBeingRecovered: "somebody is recovering a secret of this name: wait a minute, then run the command again",
  ObjectIsBeingDeleted: "somebody is deleting a secret of this name: find out why, then recover it (`az keyvault secret recover`)",
  ENOTFOUND: NO_VAULT,
  ECONNREFUSED: NO_VAULT,
  ETIMEDOUT: NO_VAULT,
  ECONNRESET: AGAIN,
  AbortError: "the vault did not answer in time: check the network, then run the command again",
  CredentialUnavailableError: NO_TOKEN,
  AggregateAuthenticationError: NO_TOKEN,
  AuthenticationError: NO_TOKEN,
  AuthenticationRequiredError: NO_TOKEN,
  SELF_SIGNED_CERT_IN_CHAIN: "the vault's certificate is not trusted here: set NODE_EXTRA_CA_CERTS if a proxy of yours re-signs traffic",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the vault's certificate is not trusted here: set NODE_EXTRA_CA_CERTS to the file of its certificate",
};
