/**
 * The closed set of things that stop the program itself. The user's mistakes are `Diagnostic`s, a
 * step's fate is an outcome; only what keeps us from telling either is thrown. `disposition` says
 * what the caller does with it: `wrongUse` exit 2, `service` (Graph or a store refused or cannot be
 * reached) exit 3, `requests` exit 1, `bug` exit 70.
 */
export abstract class ProductError extends Error {
  abstract readonly code: string;
  abstract readonly disposition: "wrongUse" | "service" | "requests" | "bug";
  /** The next command to type or line to change; empty where there is none. */
  readonly hint: string;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint ?? "";
  }
}

/** A configuration value that does not fit, or settings that contradict each other. */
export class ConfigurationError extends ProductError {
  readonly code = "CONFIGURATION";
  readonly disposition = "wrongUse";
}

/** No token could be had. */
export class SignInError extends ProductError {
  readonly code = "SIGN_IN";
  readonly disposition = "service";
}

/** Graph could not be reached or answered a read with an error, after all retries. */
export class GraphReadError extends ProductError {
  readonly code = "GRAPH_READ";
  readonly disposition = "service";
  /** HTTP status, or null when no answer came. */
  readonly status: number | null;

  constructor(message: string, options: { hint?: string; cause?: unknown; status?: number } = {}) {
    super(message, options);
    this.status = options.status ?? null;
  }
}

/**
 * A 404 that proves nothing: not Graph's own word that there is no such device, or said of what
 * this identity may not see.
 */
export class NotVisibleError extends GraphReadError {}

/** The ledger cannot be read or written. Nothing may be sent without it. */
export class LedgerError extends ProductError {
  readonly code = "LEDGER";
  readonly disposition = "service";
}

/** Another process holds the ledger or the device. */
export class LedgerBusyError extends ProductError {
  readonly code = "LEDGER_BUSY";
  readonly disposition = "service";
}

/** Pulumi's state of a stack cannot be read. */
export class StateError extends ProductError {
  readonly code = "STATE";
  readonly disposition = "service";
}

/** Held back right before the wire: by the brake, or by a bypass code that changed. */
export class HeldBackError extends ProductError {
  readonly code = "HELD_BACK";
  readonly disposition = "service";
}

/**
 * A secret cannot be put into escrow, or what is there is not what was put. Nothing destructive may
 * follow.
 */
export class EscrowError extends ProductError {
  readonly code = "ESCROW";
  readonly disposition = "service";
}

/**
 * Of our own commands, by disposition; `outcome` where some request ended `failed` or `ambiguous`
 * in this run.
 */
export const EXIT_CODES = { wrongUse: 2, service: 3, requests: 1, outcome: 4, bug: 70 } as const;
