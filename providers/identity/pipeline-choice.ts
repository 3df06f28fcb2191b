import { SignInError } from "../domain/errors.ts";
import { Redacted } from "../domain/redacted.ts";
import { isLoopbackHost } from "../support/cloud.ts";
import { type Environment, readVariable } from "./authority.ts";
import type { CredentialChoice } from "./credential-kinds.ts";

const USE_THE_CLI = "or AZURE_TOKEN_CREDENTIALS=AzureCliCredential where an earlier step has logged the Azure CLI in";

/**
 * GitHub's token for the job. A job with `id-token: write` has it for whatever purpose: it is meant
 * for us when the application is named.
 * Source: https://docs.github.com/actions/reference/security/oidc
 */
export function gitHubActions(env: Environment): CredentialChoice | null {
  const url = readVariable(env, "ACTIONS_ID_TOKEN_REQUEST_URL");
  const token = readVariable(env, "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
  const tenantId = readVariable(env, "AZURE_TENANT_ID");
  const clientId = readVariable(env, "AZURE_CLIENT_ID");
  if (tenantId === null && clientId === null) return null;
  if (url === null && token === null) return isForgotten(env, tenantId, clientId);
  const hint = `the job needs permissions: id-token: write, and both AZURE_TENANT_ID and AZURE_CLIENT_ID; ${USE_THE_CLI}`;
  if (url === null || token === null || tenantId === null || clientId === null) {
    throw halfSet(
      { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token, AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId },
      hint,
    );
  }
  const requestUrl = checkRequestUrl("ACTIONS_ID_TOKEN_REQUEST_URL", url, isGitHubHost);
  return { kind: "gitHubActions", tenantId, clientId, requestUrl, requestToken: new Redacted(token) };
}

/** An application is named in a job on GitHub, and nothing to prove it with. */
function isForgotten(env: Environment, tenantId: string | null, clientId: string | null): null {
  const hasOther = ["IDENTITY_ENDPOINT", "MSI_ENDPOINT", "AZURE_TOKEN_CREDENTIALS"].some((name) => readVariable(env, name) !== null);
  if (env.GITHUB_ACTIONS !== "true" || tenantId === null || clientId === null || hasOther) return null;
  throw new SignInError("AZURE_CLIENT_ID names an application, but this job on GitHub has nothing to sign it in with", {
    hint: `give the job permissions: id-token: write, so that it may ask GitHub for a token; ${USE_THE_CLI}`,
  });
}

/**
 * Azure DevOps' token for a service connection. The tasks AzureCLI@2 and AzurePowerShell@5 set the
 * connection's variables; the access token is given to a script only where its step names it.
 * Source: https://learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity
 */
export function azurePipelines(env: Environment): CredentialChoice | null {
  const serviceConnectionId = readVariable(env, "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID");
  if (serviceConnectionId === null) return null;
  const url = readVariable(env, "SYSTEM_OIDCREQUESTURI");
  const token = readVariable(env, "SYSTEM_ACCESSTOKEN");
  const tenantId = readVariable(env, "AZURE_TENANT_ID") ?? readVariable(env, "AZURESUBSCRIPTION_TENANT_ID");
  const clientId = readVariable(env, "AZURE_CLIENT_ID") ?? readVariable(env, "AZURESUBSCRIPTION_CLIENT_ID");
  if (url === null || token === null || tenantId === null || clientId === null) {
    const given = { AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: serviceConnectionId, SYSTEM_OIDCREQUESTURI: url, SYSTEM_ACCESSTOKEN: token };
    const hint = `map the token into the step's env, SYSTEM_ACCESSTOKEN: $(System.AccessToken); ${USE_THE_CLI}`;
    throw halfSet({ ...given, AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId }, hint);
  }
  const requestUrl = checkRequestUrl("SYSTEM_OIDCREQUESTURI", url, isAzureDevOpsHost);
  return { kind: "azurePipelines", tenantId, clientId, requestUrl, serviceConnectionId, accessToken: new Redacted(token) };
}

function halfSet(variables: Readonly<Record<string, string | null>>, hint: string): SignInError {
  const names = Object.keys(variables);
  const given = names.find((name) => variables[name] !== null) ?? "";
  const missing = names.filter((name) => variables[name] === null);
  return new SignInError(`${given} is set, but ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not`, { hint });
}

/**
 * The job's own token is shown there: to the service that gave it, and to nobody else. Loopback is
 * for doubles. The text is not repeated.
 */
function checkRequestUrl(variable: string, text: string, isExpected: (host: string) => boolean): string {
  const url = URL.parse(text);
  const isPlain = url !== null && url.username === "" && url.password === "" && url.hash === "";
  const isOurs = isPlain && url.protocol === "https:" && (isLoopbackHost(url.hostname) || (url.port === "" && isExpected(url.hostname)));
  if (isOurs) return text;
  throw new SignInError(`${variable} is not an address of the service that issues the job's token; nothing was asked there`, {
    hint: "it is set by the build service and must not be changed; elsewhere put the token into a file and name it in AZURE_FEDERATED_TOKEN_FILE",
  });
}

function isGitHubHost(host: string): boolean {
  return host.endsWith(".actions.githubusercontent.com") || host.endsWith(".ghe.com");
}

function isAzureDevOpsHost(host: string): boolean {
  return host === "dev.azure.com" || host.endsWith(".dev.azure.com") || host.endsWith(".visualstudio.com");
}
