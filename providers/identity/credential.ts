import type { TokenCredential, TokenCredentialOptions } from "@azure/identity";
import { ConfigurationError, ProductError, SignInError } from "../domain/errors.ts";
import type { Clock } from "../domain/ports.ts";
import { Redacted } from "../domain/redacted.ts";
import type { Cloud } from "../support/cloud.ts";
import { type AccessToken, parseAccessToken, type TokenOptions } from "./access-token.ts";
import { type Authority, authorityOf, type Environment, isLoginAddress } from "./authority.ts";
import { chooseCredential, HOW_TO_SIGN_IN } from "./credential-choice.ts";
import type { CredentialChoice } from "./credential-kinds.ts";
import { askGitHub } from "./github-assertion.ts";
import { graphScope } from "./graph-scope.ts";
import { describeRefusal, type Said, signInError } from "./sign-in-error.ts";
import { createSignInHttp, ELSEWHERE } from "./sign-in-http.ts";

/**
 * The credential that the environment holds, for any service of the cloud. `@azure/identity` is
 * loaded here and nowhere earlier.
 */
export async function createCredential(env: Environment, cloud: Cloud, clock: Clock): Promise<TokenCredential> {
  return makeCredential(chooseCredential(env), authorityOf(env, cloud), clock, { description: "" });
}

/** Tokens for Graph; the credential keeps its own cache until a renewal is asked for. */
export function createCredentialTokens(env: Environment, cloud: Cloud, clock: Clock): (options?: TokenOptions) => Promise<AccessToken> {
  const scope = graphScope(cloud);
  const said: Said = { description: "" };
  let credential: Promise<TokenCredential> | null = null;
  const create = async () => makeCredential(chooseCredential(env), authorityOf(env, cloud), clock, said);
  return async (options = {}) => {
    if (credential === null || options.renew === true) credential = create();
    const current = credential;
    try {
      const issued = await (await current).getToken(scope);
      if (issued === null) throw new SignInError("the credential gave no token", { hint: HOW_TO_SIGN_IN });
      return parseAccessToken(new Redacted(issued.token), issued.expiresOnTimestamp);
    } catch (error) {
      if (credential === current) credential = null;
      if (error instanceof ProductError) throw error;
      const what = `no token for Graph could be had with ${CREDENTIAL_NAMES[chooseCredential(env).kind]}`;
      throw signInError(what, error, HOW_TO_SIGN_IN, said.description);
    }
  };
}

async function makeCredential(choice: CredentialChoice, authority: Authority, clock: Clock, said: Said): Promise<TokenCredential> {
  const identity = await import("@azure/identity");
  switch (choice.kind) {
    case "workloadIdentity":
      return new identity.WorkloadIdentityCredential({
        ...optionsOf(authority, said),
        tenantId: choice.tenantId,
        clientId: choice.clientId,
        tokenFilePath: choice.tokenFile,
      });
    case "gitHubActions": {
      const { origin } = new URL(choice.requestUrl);
      const http = createSignInHttp({ isAllowed: (url) => url.origin === origin, clock });
      const ask = () => askGitHub(choice.requestUrl, choice.requestToken, authority.cloud, http);
      return new identity.ClientAssertionCredential(choice.tenantId, choice.clientId, ask, optionsOf(authority, said));
    }
    case "azurePipelines":
      return new identity.AzurePipelinesCredential(
        choice.tenantId,
        choice.clientId,
        choice.serviceConnectionId,
        choice.accessToken.reveal(),
        optionsOf(authority, said, new URL(choice.requestUrl).origin),
      );
    case "clientSecret":
      return new identity.ClientSecretCredential(choice.tenantId, choice.clientId, choice.secret.reveal(), optionsOf(authority, said));
    case "clientCertificate": {
      const password = choice.password === null ? {} : { certificatePassword: choice.password.reveal() };
      const certificate = { certificatePath: choice.path, ...password };
      return new identity.ClientCertificateCredential(choice.tenantId, choice.clientId, certificate, optionsOf(authority, said));
    }
    case "managedIdentity":
      return choice.clientId === null
        ? new identity.ManagedIdentityCredential()
        : new identity.ManagedIdentityCredential({ clientId: choice.clientId });
    case "azureCli":
      return new identity.AzureCliCredential(choice.tenantId === null ? {} : { tenantId: choice.tenantId });
  }
}

/**
 * The login host is ours to say: asking another one whether it is known would only show it our
 * tenant.
 */
function optionsOf(authority: Authority, said: Said, otherOrigin: string | null = null) {
  return {
    authorityHost: authority.url,
    disableInstanceDiscovery: true,
    redirectOptions: { maxRetries: 0 },
    additionalPolicies: [
      { policy: onlyTo((url) => isLoginAddress(url, authority) || url.origin === otherOrigin, said), position: "perRetry" as const },
    ],
  };
}

type Policy = NonNullable<TokenCredentialOptions["additionalPolicies"]>[number]["policy"];

/**
 * What the library would send elsewhere, because some answer told it to, stays here. What is
 * answered is noted: the library's errors leave it out.
 */
function onlyTo(isAllowed: (url: URL) => boolean, said: Said): Policy {
  return {
    name: "onlyToLoginHost",
    sendRequest: async (request, next) => {
      const url = new URL(request.url);
      if (!isAllowed(url)) throw new ConfigurationError(ELSEWHERE);
      said.description = `${url.host} did not answer`;
      const response = await next(request);
      said.description = describeRefusal(response.status, response.bodyAsText ?? "");
      return response;
    },
  };
}

const CREDENTIAL_NAMES: Readonly<Record<CredentialChoice["kind"], string>> = {
  workloadIdentity: "the workload identity of AZURE_FEDERATED_TOKEN_FILE",
  gitHubActions: "the workload identity of GitHub Actions",
  azurePipelines: "the workload identity of Azure Pipelines",
  clientSecret: "AZURE_CLIENT_SECRET",
  clientCertificate: "AZURE_CLIENT_CERTIFICATE_PATH",
  managedIdentity: "the managed identity",
  azureCli: "the Azure CLI (no other credential is in the environment)",
};
