import { ConfigurationError, SignInError } from "../domain/errors.ts";
import { isObject, parseJson } from "../domain/json.ts";
import type { Clock } from "../domain/ports.ts";
import { pausesOf, retry } from "../support/retry.ts";
import { transportFailure } from "../support/transport-failure.ts";

/**
 * Goes to the login service or to a service that issues tokens on the machine, and may hold a
 * secret.
 */
export interface SignInRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** `body` is empty where the answer was no JSON object. */
export interface SignInAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * One exchange with a service that issues tokens. Throws `SignInError` when no answer came, or only
 * that the service is in trouble.
 */
export type SignInHttp = (request: SignInRequest) => Promise<SignInAnswer>;

/** What one exchange may reach, and how it waits between tries. */
export interface SignInHttpOptions {
  /** The only addresses that anything is sent to. */
  readonly isAllowed: (url: URL) => boolean;
  readonly clock: Pick<Clock, "sleep">;
  readonly fetch?: typeof fetch;
}

/** The message of the `ConfigurationError` for an address that `isAllowed` refuses. */
export const ELSEWHERE = "a request to sign in would have gone to an address that is not of the login service; nothing was sent";

/**
 * Two more tries outlast a restart of a front end; a person or a run is waiting. Asking for a token
 * twice gives two tokens and harms nothing.
 */
const PAUSES = pausesOf(500, 1_500);

/** For one try, its body included. */
const TIMEOUT = 30_000;

/**
 * Three tries in all; throws `ConfigurationError`, without sending, for an address that is not
 * allowed.
 */
export function createSignInHttp({ isAllowed, clock, fetch: send = fetch }: SignInHttpOptions): SignInHttp {
  return async (request) => {
    const url = URL.parse(request.url);
    if (url === null || !isAllowed(url)) {
      throw new ConfigurationError(ELSEWHERE);
    }
    return retry(
      () => tryOnce(send, request),
      (error) => error instanceof SignInError,
      { pauses: PAUSES, clock },
    );
  };
}

/** Throws `SignInError` for what may pass. */
async function tryOnce(send: typeof fetch, request: SignInRequest): Promise<SignInAnswer> {
  const answer = await exchange(send, request);
  if (!isTrouble(answer.status)) return answer;
  throw new SignInError(`${new URL(request.url).host} answered ${answer.status}`, { hint: "try again in a few minutes" });
}

async function exchange(send: typeof fetch, { method, url, headers, body }: SignInRequest): Promise<SignInAnswer> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT);
    const answer = await send(url, {
      method,
      headers: { ...headers },
      redirect: "manual",
      signal,
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: Object.fromEntries(answer.headers.entries()), body: parseObject(text) };
  } catch (error) {
    const failure = transportFailure(error);
    throw new SignInError(`${new URL(url).host} did not answer: ${failure.message}`, {
      cause: failure,
      hint: "see that this machine reaches the address",
    });
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  const value = parseJson(text);
  return isObject(value) ? value : {};
}

function isTrouble(status: number): boolean {
  return status === 429 || status >= 500;
}
