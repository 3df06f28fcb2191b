import { SignInError } from "../domain/errors.ts";
import type { Clock } from "../domain/ports.ts";
import type { AccessToken, TokenOptions, TokenSource } from "./access-token.ts";

/** A token is replaced this long before its end, so that none ends on the way. */
const EARLY = 5 * 60_000;

/**
 * Keeps each token until shortly before its end; callers that come at once share one request to the
 * issuer.
 */
export function cacheTokens(source: TokenSource, clock: Pick<Clock, "now">): TokenSource {
  return {
    application: cacheOne((options) => source.application(options), clock, "GRAPH_ACCESS_TOKEN"),
    delegated: cacheOne((options) => source.delegated(options), clock, "GRAPH_DELEGATED_ACCESS_TOKEN"),
  };
}

/** True also where there is no token. One whose end nobody can tell is as good as new. */
export function endsSoon(token: AccessToken | null, now: number): boolean {
  return token === null || (token.expiresOn !== null && token.expiresOn - EARLY <= now);
}

type Get = (options?: TokenOptions) => Promise<AccessToken | null>;

function cacheOne(get: Get, clock: Pick<Clock, "now">, variable: string): Get {
  let current: Promise<AccessToken | null> | null = null;
  let renewing: Promise<AccessToken | null> | null = null;
  const fetchAnew = (options: TokenOptions) => {
    const asked = get(options).then((token) => checkExpiry(token, clock.now(), variable));
    current = asked;
    // A failure is not kept: the next caller asks again.
    asked.catch(() => {
      if (current === asked) current = null;
    });
    return asked;
  };
  return async (options = {}) => {
    if (options.renew === true) {
      renewing ??= fetchAnew({ renew: true }).finally(() => {
        renewing = null;
      });
      return renewing;
    }
    const seen = current ?? fetchAnew({});
    const token = await seen;
    if (token === null || !endsSoon(token, clock.now())) return token;
    return current === seen || current === null ? fetchAnew({}) : current;
  };
}

function checkExpiry(token: AccessToken | null, now: number, variable: string): AccessToken | null {
  if (token === null || token.expiresOn === null || token.expiresOn > now) return token;
  const ended = new Date(token.expiresOn).toISOString();
  throw new SignInError(`the token for Graph ended at ${ended}; it is ${new Date(now).toISOString()} by the clock of this machine`, {
    hint: `put a new one into ${variable}, or sign in again`,
  });
}
