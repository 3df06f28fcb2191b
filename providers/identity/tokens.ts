import { SignInError } from "../domain/errors.ts";
import type { Clock } from "../domain/ports.ts";
import { Redacted } from "../domain/redacted.ts";
import { CLOUDS, type Cloud, type GraphEndpoint, isLoopbackHost } from "../support/cloud.ts";
import { type AccessToken, isTokenText, parseAccessToken, type TokenOptions, type TokenSource } from "./access-token.ts";
import { type Environment, readVariable } from "./authority.ts";
import { createCredentialTokens } from "./credential.ts";
import { isCredentialNamed, isFromLoginService } from "./credential-choice.ts";

export type { TokenSource };

type GetToken = (options?: TokenOptions) => Promise<AccessToken | null>;

/** Where tokens for Graph may come from: the environment first, then the person who signed in. */
export interface TokenSourceOptions {
  readonly env: Environment;
  readonly cloud: Cloud;
  readonly endpoint: GraphEndpoint;
  readonly clock: Clock;
  /** The token of the person who signed in on this machine. */
  readonly person?: GetToken;
}

/** What a double on this machine is given; it is no secret and opens nothing. */
const LOOPBACK_TOKEN = "loopback-needs-no-sign-in";

const NOBODY: GetToken = () => Promise.resolve(null);

/**
 * Tokens from the environment's variables, `GRAPH_ACCESS_TOKEN` and `GRAPH_DELEGATED_ACCESS_TOKEN`,
 * else of a credential and of the person who signed in; asked for when they are needed and no
 * earlier. A loopback endpoint never gets a credential of the organisation's: with no token given
 * it gets a placeholder, or what a login service on this machine issues.
 */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { env, cloud, endpoint } = options;
  const application = tokenVariable(env, "GRAPH_ACCESS_TOKEN", cloud);
  const delegated = tokenVariable(env, "GRAPH_DELEGATED_ACCESS_TOKEN", cloud);
  const mayUsePerson = !endpoint.isLoopback || isLoopbackAuthority(env);
  const person = mayUsePerson ? (options.person ?? NOBODY) : NOBODY;
  return {
    application: application === null ? applicationTokens(options, delegated !== null, person) : always(application),
    delegated: delegated === null ? person : always(delegated),
  };
}

/**
 * A person's token alone is enough to read with; then only a credential that somebody set on
 * purpose is tried besides.
 */
function applicationTokens({ env, cloud, endpoint, clock }: TokenSourceOptions, hasDelegated: boolean, person: GetToken): GetToken {
  const issued = createCredentialTokens(env, cloud, clock);
  if (endpoint.isLoopback) {
    if (isLoopbackAuthority(env) && isFromLoginService(env)) return issued;
    return hasDelegated ? NOBODY : always(parseAccessToken(new Redacted(LOOPBACK_TOKEN)));
  }
  if (isCredentialNamed(env)) return issued;
  return hasDelegated ? NOBODY : unlessPerson(person, issued);
}

/**
 * Nothing was set up: the person who signed in for this comes before the Azure CLI, which may be
 * logged in for anything.
 */
function unlessPerson(person: GetToken, issued: GetToken): GetToken {
  return async (options) => {
    const failure = await person().then(
      (token) => token,
      (error: unknown) => (error instanceof SignInError ? error : Promise.reject(error)),
    );
    if (failure !== null && !(failure instanceof SignInError)) return null;
    try {
      return await issued(options);
    } catch (error) {
      throw failure ?? error;
    }
  };
}

function always(token: AccessToken): GetToken {
  return () => Promise.resolve(token);
}

function isLoopbackAuthority(env: Environment): boolean {
  const url = URL.parse(readVariable(env, "AZURE_AUTHORITY_HOST") ?? "");
  return url !== null && isLoopbackHost(url.hostname);
}

function tokenVariable(env: Environment, name: string, cloud: Cloud): AccessToken | null {
  const text = readVariable(env, name);
  if (text === null) return null;
  if (!isTokenText(text)) {
    throw new SignInError(`${name} does not hold a token: it has characters that no token has`, { hint: howToGet(name) });
  }
  const token = parseAccessToken(new Redacted(text));
  const audience = token.claims?.aud ?? null;
  if (audience === null || isGraph(audience, cloud)) return token;
  const other = URL.parse(audience)?.host ?? "another service";
  throw new SignInError(`${name} holds a token for ${other}, not for ${CLOUDS[cloud].graphHost}`, { hint: howToGet(name) });
}

function howToGet(name: string): string {
  return `give a token for Graph alone, for example ${name}=$(az account get-access-token --resource-type ms-graph --query accessToken --output tsv)`;
}

/** Graph's id as an application of Microsoft's, the same in all clouds. */
const GRAPH_ID = "00000003-0000-0000-c000-000000000000";

function isGraph(audience: string, cloud: Cloud): boolean {
  return audience === GRAPH_ID || URL.parse(audience)?.hostname === CLOUDS[cloud].graphHost;
}
