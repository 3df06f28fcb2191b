import type { AccountInfo, AuthenticationResult, INetworkModule, PublicClientApplication } from "@azure/msal-node";
import { ProductError, SignInError } from "../domain/errors.ts";
import { isObject } from "../domain/json.ts";
import { Redacted } from "../domain/redacted.ts";
import { LOGIN } from "../support/dlr-command.ts";
import { type AccessToken, parseAccessToken } from "./access-token.ts";
import { type Authority, isLoginAddress } from "./authority.ts";
import { graphScope } from "./graph-scope.ts";
import { type Said, signInError } from "./sign-in-error.ts";
import { createSignInHttp, type SignInHttp, type SignInHttpOptions } from "./sign-in-http.ts";

/** Through which application, of which tenant, a person signs in. */
export interface PersonClient {
  readonly authority: Authority;
  readonly tenant: string;
  readonly clientId: string;
}

/** Time and the network; which hosts may be reached follows from the authority. */
export type SignInPorts = Omit<SignInHttpOptions, "isAllowed">;

/**
 * What a sign-in, or its renewal, gives. `cache` is for the next renewal; it holds no access token.
 */
export interface SignedIn {
  readonly token: AccessToken;
  readonly username: string;
  readonly tenantId: string;
  readonly cache: Redacted<string>;
}

/** What the person types where: `message` says both in a sentence of the login service's. */
export interface CodePrompt {
  readonly userCode: string;
  readonly verificationUri: string;
  readonly message: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/**
 * Shows a code and waits until the person has entered it in a browser, anywhere. Throws
 * `SignInError`.
 */
export async function signInByCode(client: PersonClient, ports: SignInPorts, show: (prompt: CodePrompt) => void): Promise<SignedIn> {
  const { app, said } = await openClient(client, ports);
  const scopes = [graphScope(client.authority.cloud)];
  const ask = () => app.acquireTokenByDeviceCode({ scopes, deviceCodeCallback: (prompt) => showPrompt(prompt, show) });
  return finish(app, await orExplain(ask, said, "the sign-in did not succeed"));
}

/**
 * The library also calls back when it was given no code; then what the service said instead is
 * told.
 */
function showPrompt(prompt: Partial<CodePrompt>, show: (prompt: CodePrompt) => void): void {
  const { userCode, verificationUri, message, expiresIn } = prompt;
  if (userCode === undefined || verificationUri === undefined || message === undefined || expiresIn === undefined)
    throw new SignInError("the login service gave no code");
  show({ userCode, verificationUri, message, expiresIn });
}

/**
 * Renews a sign-in without anybody's doing. Throws `SignInError` when it has lapsed, and when the
 * login service cannot be reached.
 */
export async function renewSignIn(client: PersonClient, ports: SignInPorts, cache: Redacted<string>, username: string): Promise<SignedIn> {
  const { app, said } = await openClient(client, ports);
  app.getTokenCache().deserialize(cache.reveal());
  const account = await onlyAccount(app);
  const scopes = [graphScope(client.authority.cloud)];
  const ask = () => app.acquireTokenSilent({ account, scopes, forceRefresh: true });
  return finish(app, await orExplain(ask, said, `the sign-in of ${username} could not be renewed`));
}

async function onlyAccount(app: PublicClientApplication): Promise<AccountInfo> {
  const [account, another] = await app.getTokenCache().getAllAccounts();
  if (account !== undefined && another === undefined) return account;
  throw new SignInError("the sign-in that is kept on this machine names nobody", { hint: LOGIN });
}

/** What stopped us before an answer came: the library does not keep it either. */
interface Heard extends Said {
  failure: ProductError | null;
}

async function openClient(client: PersonClient, ports: SignInPorts): Promise<{ app: PublicClientApplication; said: Heard }> {
  const { PublicClientApplication } = await import("@azure/msal-node");
  const { authority, tenant, clientId } = client;
  const said: Heard = { description: "", failure: null };
  const http = createSignInHttp({ ...ports, isAllowed: (url) => isLoginAddress(url, authority) });
  const app = new PublicClientApplication({
    auth: { clientId, authority: `${authority.url}/${encodeURIComponent(tenant)}`, knownAuthorities: [new URL(authority.url).host] },
    system: { networkClient: networkOf(http, said) },
  });
  return { app, said };
}

/** Our own way to the wire: only to the login service, with a deadline, following no redirect. */
function networkOf(http: SignInHttp, said: Heard): INetworkModule {
  const send = async <T>(method: "GET" | "POST", url: string, options: { headers?: Record<string, string>; body?: string } = {}) => {
    const { headers = {}, body } = options;
    try {
      const answer = await http({ method, url, headers, ...(body === undefined ? {} : { body }) });
      said.description = typeof answer.body.error_description === "string" ? answer.body.error_description : "";
      return { status: answer.status, headers: { ...answer.headers }, body: answer.body as T };
    } catch (error) {
      if (error instanceof ProductError) said.failure = error;
      throw error;
    }
  };
  return {
    sendGetRequestAsync: (url, options) => send("GET", url, options),
    sendPostRequestAsync: (url, options) => send("POST", url, options),
  };
}

async function orExplain(ask: () => Promise<AuthenticationResult | null>, said: Heard, what: string): Promise<AuthenticationResult> {
  try {
    const result = await ask();
    if (result !== null) return result;
  } catch (error) {
    throw said.failure ?? signInError(what, error, LOGIN, said.description);
  }
  throw new SignInError(`${what}: the login service gave no token`, { hint: LOGIN });
}

function finish(app: PublicClientApplication, { accessToken, expiresOn, account, tenantId }: AuthenticationResult): SignedIn {
  return {
    token: parseAccessToken(new Redacted(accessToken), expiresOn?.getTime()),
    username: account?.username ?? "an unknown account",
    tenantId,
    cache: new Redacted(withoutAccessTokens(app.getTokenCache().serialize())),
  };
}

/**
 * An access token opens Graph by itself until it ends and cannot be called back: it stays in
 * memory.
 */
function withoutAccessTokens(serialized: string): string {
  const cache: unknown = JSON.parse(serialized);
  return JSON.stringify(isObject(cache) ? { ...cache, AccessToken: {}, IdToken: {} } : {});
}
