import { SignInError } from "../domain/errors.ts";
import { Redacted } from "../domain/redacted.ts";
import { type AccessToken, isTokenText, parseAccessToken, type TokenSource } from "./access-token.ts";
import type { Cloud, GraphEndpoint } from "./cloud.ts";
import { createCredentialTokens, type Environment, isCredentialNamed } from "./credential.ts";

export type { TokenSource };

/** What a double on this machine is given; it is no secret and opens nothing. */
const LOOPBACK_TOKEN = "loopback-needs-no-sign-in";

/**
 * Tokens from the environment's variables: `GRAPH_ACCESS_TOKEN`, `GRAPH_DELEGATED_ACCESS_TOKEN`, else those of
 * `@azure/identity`. A loopback endpoint never makes a credential: with no token given it gets a placeholder.
 */
export function createTokenSource(env: Environment, cloud: Cloud, endpoint: GraphEndpoint): TokenSource {
  const application = readVariable(env, "GRAPH_ACCESS_TOKEN");
  const delegated = readVariable(env, "GRAPH_DELEGATED_ACCESS_TOKEN");
  // A person's token alone is enough to read with; then only a credential that somebody set on purpose is tried besides.
  const needsCredential = application === null && !endpoint.isLoopback && (delegated === null || isCredentialNamed(env));
  const issued = needsCredential ? createCredentialTokens(env, cloud) : null;
  const placeholder = endpoint.isLoopback && delegated === null ? parseAccessToken(new Redacted(LOOPBACK_TOKEN)) : null;
  return {
    application: async (options) => application ?? placeholder ?? (await issued?.(options)) ?? null,
    delegated: () => Promise.resolve(delegated),
  };
}

function readVariable(env: Environment, name: string): AccessToken | null {
  const text = env[name]?.trim() ?? "";
  if (text === "") return null;
  if (!isTokenText(text)) {
    throw new SignInError(`${name} does not hold a token: it has characters that no token has`, {
      hint: `give the token alone, for example ${name}=$(az account get-access-token --resource-type ms-graph --query accessToken --output tsv)`,
    });
  }
  return parseAccessToken(new Redacted(text));
}
