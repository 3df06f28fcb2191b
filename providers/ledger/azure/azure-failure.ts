import { printable } from "../../domain/diagnostic.ts";
import { LedgerError, ProductError } from "../../domain/errors.ts";
import { isObject } from "../../domain/json.ts";

/**
 * What storage or its client said, without the request: the client's own errors carry its headers.
 */
export class StorageFailure extends Error {
  /** HTTP status, or null when no answer came. */
  readonly status: number | null;
  /** Storage's or the system's code (`ContainerNotFound`, `ENOTFOUND`), or the error's name. */
  readonly code: string;

  constructor(status: number | null, code: string, message: string) {
    super(message);
    this.name = "StorageFailure";
    this.status = status;
    this.code = code;
  }

  /** Trying again may help. Of something that was to be written nobody can tell whether it was. */
  get isPassing(): boolean {
    if (this.status === null) return !FINAL.has(this.code) && !/^(ERR_TLS_|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/.test(this.code);
    return [408, 429, 500, 502, 503, 504].includes(this.status);
  }

  get isMissing(): boolean {
    return this.status === 404;
  }
}

const NO_TOKEN = "no identity of this environment gave a token: sign in (`az login`), or set the variables of @azure/identity";

const BY_IDENTITY: Readonly<Record<string, string>> = {
  CredentialUnavailableError: NO_TOKEN,
  AggregateAuthenticationError: NO_TOKEN,
  AuthenticationError: NO_TOKEN,
  AuthenticationRequiredError: NO_TOKEN,
};

const FINAL: ReadonlySet<string> = new Set([...Object.keys(BY_IDENTITY), "TypeError", "RangeError"]);

/** Errors of ours pass unchanged. */
export function storageFailure(error: unknown): StorageFailure | ProductError {
  if (error instanceof ProductError || error instanceof StorageFailure) return error;
  const { name, message, statusCode, code, details } = isObject(error) ? error : {};
  const detail = isObject(details) ? details.errorCode : undefined;
  const words = typeof message === "string" ? message : "an unexpected error";
  return new StorageFailure(
    typeof statusCode === "number" ? statusCode : null,
    ([detail, code, name].find((candidate) => typeof candidate === "string" && candidate !== "") as string | undefined) ?? "unknown",
    // What follows is the time and the id of the request.
    printable(words.split("\n")[0] ?? "").slice(0, 300),
  );
}

/** The failure as the user reads it. */
export function azureFailure(error: unknown, doing: string, place: string): ProductError {
  const failure = storageFailure(error);
  if (failure instanceof ProductError) return failure;
  const status = failure.status === null ? failure.code : `${failure.status} ${failure.code}`;
  return new LedgerError(`cannot ${doing} ${place}: ${status}: ${failure.message}`, { hint: hintFor(failure), cause: failure });
}

const ROLE =
  "give this identity the role Storage Blob Data Contributor on the container (or a role of your own that reads, adds and writes blobs there); new roles take some minutes";
const AGAIN = "run the command again; nothing was sent for what could not be recorded";
const NO_ACCOUNT =
  "no storage account of this name can be reached: check the configuration key `ledger`, the network and the account's firewall";
const NOT_TRUSTED = "the certificate is not trusted here: set NODE_EXTRA_CA_CERTS if a proxy of yours re-signs traffic";
const IMMUTABLE =
  "an immutability policy of the container forbids it: let it allow protected append writes, for the ledger only ever grows";

const NO_FEATURE =
  "this kind of account lacks what a ledger needs (append blobs and leases, as with a hierarchical namespace): use a general-purpose v2 account without one";

function hintFor({ code, status }: StorageFailure): string {
  return (
    BY_CODE[code] ??
    (code.startsWith("FeatureNot") ? NO_FEATURE : undefined) ??
    BY_IDENTITY[code] ??
    (status === null ? undefined : BY_STATUS[status]) ??
    (/CERT|TLS/.test(code) ? NOT_TRUSTED : AGAIN)
  );
}

const BY_STATUS: Readonly<Record<number, string>> = {
  401: "storage did not take the token: sign in again, and check that the identity belongs to the account's tenant",
  403: ROLE,
  404: "check the account and the container in the configuration key `ledger`; if the ledger was removed, restore it: without it nobody knows what was sent",
  429: `storage takes no more requests for now: wait a minute, then ${AGAIN}`,
  503: `storage takes no more requests for now: wait a minute, then ${AGAIN}`,
};

const BY_CODE: Readonly<Record<string, string>> = {
  ContainerNotFound:
    "make the container, or check its name in the configuration key `ledger`; then, the first time only: `dlr ledger init STACK`",
  ContainerBeingDeleted: "somebody is deleting the container: restore it (`az storage container restore`) before anything else",
  AuthorizationFailure: `${ROLE}; or let this machine's address through the account's firewall`,
  KeyBasedAuthenticationNotPermitted:
    "the account takes no keys, and should not: sign in with an identity (`az login`, or the variables of @azure/identity)",
  BlobImmutableDueToPolicy: IMMUTABLE,
  BlobImmutableDueToLegalHold: IMMUTABLE,
  BlobIsSealed: "somebody sealed the blob, and a sealed one takes no more records: restore the ledger from a copy that is not",
  BlockCountExceedsLimit: "the blob is full although it should have gone on in the next: look at it before the next run",
  AccountIsLocked:
    "the storage account is locked for now (it is being moved, failed over or looked into): wait, or ask whoever owns the subscription",
  AuthorizationProtocolMismatch: "the account takes https only: the configuration key `ledger` must begin with https://",
  AccountIsDisabled: "somebody disabled the storage account: enable it, then run the command again",
  ENOTFOUND: NO_ACCOUNT,
  EAI_AGAIN: NO_ACCOUNT,
  ECONNREFUSED: NO_ACCOUNT,
  AbortError: "storage did not answer in time: check the network, then run the command again",
};
