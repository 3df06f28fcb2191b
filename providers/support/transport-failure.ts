/**
 * No answer, or half of one. `notSent`: provably nothing left this machine. `timeout` and
 * `network`: nobody can tell what the other side did. `body`: the answer's head came (`status` is
 * its own), its body did not or is not what was promised.
 */
export class TransportFailure extends Error {
  readonly kind: "notSent" | "network" | "timeout" | "body";
  readonly status: number | null;
  readonly requestId: string | null;

  constructor(
    kind: TransportFailure["kind"],
    message: string,
    options: { readonly cause?: unknown; readonly status?: number; readonly requestId?: string | null } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "TransportFailure";
    this.kind = kind;
    this.status = options.status ?? null;
    this.requestId = options.requestId ?? null;
  }
}

/**
 * What the network threw, sorted. `mayHaveLeft` is whether some of the request may have gone out;
 * where only the error can tell, a failure to resolve the name or to connect comes before the
 * first byte.
 */
export function transportFailure(error: unknown, mayHaveLeft?: boolean): TransportFailure {
  const causes = chainOf(error);
  const isLate = causes.some((cause) => fieldOf(cause, "name") === "TimeoutError");
  if (isLate && mayHaveLeft !== false) return new TransportFailure("timeout", "no answer in time", { cause: error });
  const code = isLate ? "TIMEOUT" : (causes.map(codeOf).findLast((text) => text !== null) ?? "no answer");
  if (mayHaveLeft === undefined ? isBeforeSending(causes.at(-1)) : !mayHaveLeft)
    return new TransportFailure("notSent", `no connection (${code})`, { cause: error });
  return new TransportFailure("network", `the connection broke (${code})`, { cause: error });
}

/**
 * An error with its causes, outermost first. Known by their fields: errors of another realm are no
 * instances of our classes.
 */
function chainOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let next = error; next !== undefined && next !== null && chain.length < 8; next = fieldOf(next, "cause")) chain.push(next);
  return chain;
}

const CONNECT_CALLS: readonly unknown[] = ["connect", "getaddrinfo"];

/**
 * Several addresses that were tried one after another come as one error with `errors`: each of them
 * must have failed to connect.
 */
function isBeforeSending(error: unknown): boolean {
  const errors = fieldOf(error, "errors");
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(isBeforeSending);
  return codeOf(error) === "UND_ERR_CONNECT_TIMEOUT" || CONNECT_CALLS.includes(fieldOf(error, "syscall"));
}

function codeOf(error: unknown): string | null {
  const code = fieldOf(error, "code");
  return typeof code === "string" && /^\w{1,60}$/.test(code) ? code : null;
}

function fieldOf(error: unknown, field: string): unknown {
  return typeof error === "object" && error !== null ? Reflect.get(error, field) : undefined;
}
