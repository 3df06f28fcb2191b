import { randomBytes } from "node:crypto";
import type { Cloud, GraphEndpoint } from "../support/cloud.ts";
import { systemClock } from "../support/system-clock.ts";
import type { Environment } from "./authority.ts";
import { loginPlace } from "./login-place.ts";
import { createPersonTokens } from "./person-tokens.ts";
import { cacheTokens } from "./token-cache.ts";
import { createTokenSource, type TokenSource } from "./tokens.ts";

/** Tokens for Graph as runs have them: nothing is asked for before the first one is needed. */
export function openTokens(env: Environment, cloud: Cloud, endpoint: GraphEndpoint): TokenSource {
  const person = createPersonTokens({ env, cloud, place: loginPlace(env), clock: systemClock, random: randomBytes });
  return cacheTokens(createTokenSource({ env, cloud, endpoint, clock: systemClock, person }), systemClock);
}
