import { SignInError } from "../domain/errors.ts";
import { Redacted } from "../domain/redacted.ts";
import { type Environment, readVariable } from "./authority.ts";
import type { Application, CredentialChoice } from "./credential-kinds.ts";
import { azurePipelines, gitHubActions } from "./pipeline-choice.ts";

type Kind = CredentialChoice["kind"];

/** Null: the variables of this way are not there. Throws `SignInError` where half of them are. */
type Way = (env: Environment) => CredentialChoice | null;

/**
 * In this order: what somebody set for this product comes before what the machine offers to
 * everybody.
 */
const WAYS: readonly (readonly [Kind, Way])[] = [
  ["workloadIdentity", workloadIdentity],
  ["clientSecret", clientSecret],
  ["clientCertificate", clientCertificate],
  ["gitHubActions", gitHubActions],
  ["azurePipelines", azurePipelines],
  ["managedIdentity", managedIdentity],
  ["azureCli", azureCli],
];

/**
 * What `AZURE_TOKEN_CREDENTIALS` can say, and the ways that it leaves. Source:
 * https://aka.ms/azsdk/js/identity/credential-chains
 */
const NAMED: Readonly<Record<string, readonly Kind[]>> = {
  dev: ["azureCli"],
  azureclicredential: ["azureCli"],
  prod: ["workloadIdentity", "clientSecret", "clientCertificate", "gitHubActions", "azurePipelines", "managedIdentity"],
  environmentcredential: ["clientSecret", "clientCertificate"],
  workloadidentitycredential: ["workloadIdentity", "gitHubActions", "azurePipelines"],
  azurepipelinescredential: ["azurePipelines"],
  managedidentitycredential: ["managedIdentity"],
};

/** The hint where no credential is set up: every way that there is. */
export const HOW_TO_SIGN_IN =
  "set GRAPH_ACCESS_TOKEN; or AZURE_TENANT_ID and AZURE_CLIENT_ID with AZURE_FEDERATED_TOKEN_FILE, AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or the OIDC variables of GitHub Actions or Azure Pipelines; or AZURE_TOKEN_CREDENTIALS=ManagedIdentityCredential; or type: az login. See docs/identities.md";

/**
 * Somebody set up a credential for this run: the Azure CLI, which is just there on many machines,
 * is not meant.
 */
export function isCredentialNamed(env: Environment): boolean {
  if (readVariable(env, "AZURE_TOKEN_CREDENTIALS") !== null) return true;
  try {
    return chooseCredential(env).kind !== "azureCli";
  } catch (error) {
    // Half of one is one: its use will say what is missing.
    if (error instanceof SignInError) return true;
    throw error;
  }
}

/**
 * Somebody set up a credential that is shown to the login service alone, and to nothing else on the
 * machine or in the network.
 */
export function isFromLoginService(env: Environment): boolean {
  return isCredentialNamed(env) && !["azureCli", "managedIdentity"].includes(chooseCredential(env).kind);
}

/** Throws `SignInError` for variables that are half set. */
export function chooseCredential(env: Environment): CredentialChoice {
  const allowed = allowedKinds(env);
  for (const [kind, way] of WAYS) {
    const choice = allowed === null || allowed.includes(kind) ? way(env) : null;
    if (choice !== null) return choice;
  }
  // A virtual machine has no variable that tells of its identity: naming it is enough.
  if (allowed?.includes("managedIdentity")) return { kind: "managedIdentity", clientId: readVariable(env, "AZURE_CLIENT_ID") };
  throw new SignInError("AZURE_TOKEN_CREDENTIALS names a credential whose variables are not set", { hint: HOW_TO_SIGN_IN });
}

/** Null: all of them. */
function allowedKinds(env: Environment): readonly Kind[] | null {
  const name = readVariable(env, "AZURE_TOKEN_CREDENTIALS")?.toLowerCase();
  if (name === undefined) return null;
  if (Object.hasOwn(NAMED, name)) return NAMED[name] ?? null;
  throw new SignInError("AZURE_TOKEN_CREDENTIALS names no credential that this product can use", {
    hint: "unset it, or write AzureCliCredential, ManagedIdentityCredential, EnvironmentCredential, WorkloadIdentityCredential, AzurePipelinesCredential, dev or prod",
  });
}

function workloadIdentity(env: Environment): CredentialChoice | null {
  const tokenFile = readVariable(env, "AZURE_FEDERATED_TOKEN_FILE");
  return tokenFile === null ? null : { kind: "workloadIdentity", ...application(env, "AZURE_FEDERATED_TOKEN_FILE"), tokenFile };
}

function clientSecret(env: Environment): CredentialChoice | null {
  const secret = readVariable(env, "AZURE_CLIENT_SECRET");
  return secret === null ? null : { kind: "clientSecret", ...application(env, "AZURE_CLIENT_SECRET"), secret: new Redacted(secret) };
}

function clientCertificate(env: Environment): CredentialChoice | null {
  const path = readVariable(env, "AZURE_CLIENT_CERTIFICATE_PATH");
  if (path === null) return null;
  const password = readVariable(env, "AZURE_CLIENT_CERTIFICATE_PASSWORD");
  return {
    kind: "clientCertificate",
    ...application(env, "AZURE_CLIENT_CERTIFICATE_PATH"),
    path,
    password: password === null ? null : new Redacted(password),
  };
}

function managedIdentity(env: Environment): CredentialChoice | null {
  const isOffered = readVariable(env, "IDENTITY_ENDPOINT") !== null || readVariable(env, "MSI_ENDPOINT") !== null;
  return isOffered ? { kind: "managedIdentity", clientId: readVariable(env, "AZURE_CLIENT_ID") } : null;
}

function azureCli(env: Environment): CredentialChoice {
  return { kind: "azureCli", tenantId: readVariable(env, "AZURE_TENANT_ID") };
}

function application(env: Environment, given: string): Application {
  const tenantId = readVariable(env, "AZURE_TENANT_ID");
  const clientId = readVariable(env, "AZURE_CLIENT_ID");
  if (tenantId !== null && clientId !== null) return { tenantId, clientId };
  const missing = [...(tenantId === null ? ["AZURE_TENANT_ID"] : []), ...(clientId === null ? ["AZURE_CLIENT_ID"] : [])];
  throw new SignInError(`${given} is set, but ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not`, {
    hint: HOW_TO_SIGN_IN,
  });
}
