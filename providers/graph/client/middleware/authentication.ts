import type { Middleware } from "@microsoft/microsoft-graph-client/lib/src/middleware/IMiddleware.js";
import { ConfigurationError, HeldBackError, SignInError } from "../../../domain/errors.ts";
import type { TokenOptions, TokenSource } from "../../../identity/access-token.ts";
import { type AccessToken, isTokenText } from "../../../identity/access-token.ts";
import type { GraphEndpoint } from "../../../support/cloud.ts";
import { callOf, type GraphCall, setHeader } from "./graph-call.ts";
import { layer } from "./layer.ts";

/**
 * Puts the token on a request that goes to the endpoint, and stops one that would go anywhere else.
 */
export function authenticationLayer(endpoint: GraphEndpoint, tokens: TokenSource): Middleware {
  return layer(async (context, next) => {
    const call = callOf(context);
    checkDestination(context.request, call, endpoint);
    const { token } = await tokenFor(call, tokens);
    if (!isTokenText(token.reveal())) throw new SignInError("the token for Graph has characters that no token has");
    call.token = token;
    // The last thing before the wire: the waits of throttling and of retries are behind us.
    const reason = (await call.facts.holdBack?.()) ?? null;
    if (reason !== null) throw new HeldBackError(reason);
    setHeader(context, "authorization", `Bearer ${token.reveal()}`);
    await next();
  });
}

/**
 * Last look before the token is added: the client below us takes addresses apart and puts them
 * together again.
 */
function checkDestination(request: unknown, call: GraphCall, endpoint: GraphEndpoint): void {
  const url = typeof request === "string" ? URL.parse(request) : null;
  const built = `/${call.facts.version}${call.facts.path.split("?", 1)[0]}`;
  if (url?.origin === endpoint.origin && url.pathname === built) return;
  throw new ConfigurationError("a request to Graph would have gone to another address than the one that was built; nothing was sent");
}

async function tokenFor(call: GraphCall, tokens: TokenSource): Promise<AccessToken> {
  const options: TokenOptions = { renew: call.renewToken };
  const token = await (call.facts.identity === "delegated" ? tokens.delegated(options) : tokens.application(options));
  const chosen = token ?? (call.facts.identity === "any" ? await tokens.delegated(options) : null);
  if (chosen !== null) return chosen;
  throw new SignInError(`there is no ${call.facts.identity === "delegated" ? "delegated " : ""}token for Graph`, {
    hint: "set GRAPH_ACCESS_TOKEN, or sign in",
  });
}
