import { ConfigurationError, SignInError } from "../../providers/domain/errors.ts";
import { isObject, parseJson } from "../../providers/domain/json.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { parseAccessToken } from "../../providers/identity/access-token.ts";
import { readVariable } from "../../providers/identity/authority.ts";
import { createCredential } from "../../providers/identity/credential.ts";
import { chooseCredential } from "../../providers/identity/credential-choice.ts";
import { signInError } from "../../providers/identity/sign-in-error.ts";
import type { Cloud } from "../../providers/support/cloud.ts";
import { findOnPath } from "../pulumi/find-on-path.ts";
import type { Environment } from "../pulumi/options.ts";
import { runTool } from "../pulumi/run-tool.ts";
import { systemClock } from "../support/system-clock.ts";
import type { Home } from "./azure-settings.ts";

const CLI_LIMIT_MS = 30_000;

/**
 * Tenant and subscription of the environment, or of the Azure CLI. Throws `SignInError` that says
 * what to type.
 */
export async function findHome(env: Environment, cwd: string): Promise<Home> {
  const tenantId = readVariable(env, "AZURE_TENANT_ID") ?? readVariable(env, "ARM_TENANT_ID");
  const subscriptionId = readVariable(env, "AZURE_SUBSCRIPTION_ID") ?? readVariable(env, "ARM_SUBSCRIPTION_ID");
  if (tenantId !== null && subscriptionId !== null) return { tenantId, subscriptionId };
  const account = await accountOfCli(env, cwd);
  return { tenantId: tenantId ?? account.tenantId, subscriptionId: subscriptionId ?? account.subscriptionId };
}

async function accountOfCli(env: Environment, cwd: string): Promise<Home> {
  const command = await findOnPath("az", env);
  if (command === null) throw notSignedIn("the Azure CLI (az) is not installed");
  const result = await runTool({ command, args: ["account", "show", "--output", "json"], cwd, env, limit: CLI_LIMIT_MS });
  const account = result.kind === "exited" && result.code === 0 ? parseAccount(result.stdout) : null;
  if (account === null) throw notSignedIn("nobody is signed in to the Azure CLI");
  return account;
}

function parseAccount(text: string): Home | null {
  const account = parseJson(text);
  if (!isObject(account) || typeof account.tenantId !== "string" || typeof account.id !== "string") return null;
  return { tenantId: account.tenantId, subscriptionId: account.id };
}

function notSignedIn(why: string): SignInError {
  const hint =
    "type: az login --tenant TENANT, then az account set --subscription SUBSCRIPTION, then run this again; or say --tenant and --subscription";
  return new SignInError(`${why}, and nothing else says which tenant and subscription are meant; nothing was made`, { hint });
}

/**
 * The environment, with the tenant named for the Azure CLI too. Throws `ConfigurationError` where
 * it names another.
 */
export function signInEnvironment(env: Environment, tenantId: string): Environment {
  const named = readVariable(env, "AZURE_TENANT_ID");
  if (named !== null && named.toLowerCase() !== tenantId.toLowerCase()) {
    throw new ConfigurationError(`AZURE_TENANT_ID is ${named}, and the Azure parts belong to ${tenantId}; nothing was made`, {
      hint: "unset or correct AZURE_TENANT_ID, or correct tenantId in the file of the stack in infrastructure/",
    });
  }
  return { ...env, AZURE_TENANT_ID: tenantId };
}

/**
 * A token for one service of the cloud, such as `management.azure.com`. Throws `SignInError` with
 * what to type.
 */
export async function tokenFor(host: string, env: Environment, cloud: Cloud, tenantId: string): Promise<Redacted<string>> {
  const credential = await createCredential(env, cloud, systemClock);
  const issued = await credential.getToken(`https://${host}/.default`).catch((error: unknown) => {
    throw signInError(`no token for ${host} could be had; nothing was made`, error, howToSignIn(tenantId, env));
  });
  if (issued === null)
    throw new SignInError(`the credential gave no token for ${host}; nothing was made`, { hint: howToSignIn(tenantId, env) });
  const { token, claims } = parseAccessToken(new Redacted(issued.token), issued.expiresOnTimestamp);
  const found = claims?.tid ?? tenantId;
  if (found.toLowerCase() === tenantId.toLowerCase()) return token;
  throw new SignInError(`the sign-in is for tenant ${found}, and the Azure parts belong to ${tenantId}; nothing was made`, {
    hint: howToSignIn(tenantId, env),
  });
}

function howToSignIn(tenantId: string, env: Environment): string {
  if (chooseCredential(env).kind === "azureCli") return `type: az login --tenant ${tenantId}, then run this again`;
  return `look at the variables AZURE_…; or unset them and type: az login --tenant ${tenantId}`;
}

/**
 * Variables of azure-native for the credential that ours are: one sign-in serves both. What
 * somebody set for the provider stays as it is.
 * Source: https://www.pulumi.com/registry/packages/azure-native/installation-configuration
 */
export function providerEnvironment(env: Environment, home: Home): Record<string, string> {
  const common = { ARM_TENANT_ID: home.tenantId, ARM_SUBSCRIPTION_ID: home.subscriptionId };
  const own = Object.entries(env).filter((entry): entry is [string, string] => entry[0].startsWith("ARM_") && entry[1] !== undefined);
  if (own.some(([name]) => /^ARM_(CLIENT_|USE_|OIDC_|MSI_)/.test(name))) return { ...common, ...Object.fromEntries(own) };
  return { ...common, ...credentialVariables(env) };
}

function credentialVariables(env: Environment): Record<string, string> {
  const choice = chooseCredential(env);
  switch (choice.kind) {
    case "clientSecret":
      return { ARM_CLIENT_ID: choice.clientId, ARM_CLIENT_SECRET: choice.secret.reveal() };
    case "clientCertificate":
      return {
        ARM_CLIENT_ID: choice.clientId,
        ARM_CLIENT_CERTIFICATE_PATH: choice.path,
        ...(choice.password === null ? {} : { ARM_CLIENT_CERTIFICATE_PASSWORD: choice.password.reveal() }),
      };
    case "workloadIdentity":
      return { ARM_CLIENT_ID: choice.clientId, ARM_USE_OIDC: "true", ARM_OIDC_TOKEN_FILE_PATH: choice.tokenFile };
    case "gitHubActions":
      return { ARM_CLIENT_ID: choice.clientId, ARM_USE_OIDC: "true" };
    case "managedIdentity":
      return { ARM_USE_MSI: "true", ...(choice.clientId === null ? {} : { ARM_CLIENT_ID: choice.clientId }) };
    case "azurePipelines":
    case "azureCli":
      return {};
  }
}
