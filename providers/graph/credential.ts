import type { TokenCredential } from "@azure/identity";
import { printable } from "../domain/diagnostic.ts";
import { ConfigurationError, ProductError, SignInError } from "../domain/errors.ts";
import { Redacted } from "../domain/redacted.ts";
import { type AccessToken, parseAccessToken, type TokenOptions } from "./access-token.ts";
import { CLOUDS, type Cloud, isLoopbackHost } from "./cloud.ts";

/** The process's variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One way to sign in as the application, chosen by the variables that are present and by nothing else. */
export type CredentialChoice =
  | { readonly kind: "workloadIdentity"; readonly tenantId: string; readonly clientId: string; readonly tokenFile: string }
  | { readonly kind: "clientSecret"; readonly tenantId: string; readonly clientId: string; readonly secret: Redacted<string> }
  | {
      readonly kind: "clientCertificate";
      readonly tenantId: string;
      readonly clientId: string;
      readonly path: string;
      readonly password: Redacted<string> | null;
    }
  | { readonly kind: "managedIdentity"; readonly clientId: string | null }
  | { readonly kind: "azureCli"; readonly tenantId: string | null };

const HOW_TO_SIGN_IN =
  "set GRAPH_ACCESS_TOKEN; or AZURE_TENANT_ID and AZURE_CLIENT_ID with AZURE_FEDERATED_TOKEN_FILE, AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH; or AZURE_TOKEN_CREDENTIALS=ManagedIdentityCredential; or type: az login";

const CREDENTIAL_VARIABLES = [
  "AZURE_TOKEN_CREDENTIALS",
  "AZURE_FEDERATED_TOKEN_FILE",
  "AZURE_CLIENT_SECRET",
  "AZURE_CLIENT_CERTIFICATE_PATH",
  "IDENTITY_ENDPOINT",
  "MSI_ENDPOINT",
];

/** A variable says which credential to use; without one only the Azure CLI is left. */
export function isCredentialNamed(env: Environment): boolean {
  return CREDENTIAL_VARIABLES.some((name) => read(env, name) !== null);
}

export function chooseCredential(env: Environment): CredentialChoice {
  const named = read(env, "AZURE_TOKEN_CREDENTIALS")?.toLowerCase() ?? "";
  if (named === "azureclicredential" || named === "dev") return { kind: "azureCli", tenantId: read(env, "AZURE_TENANT_ID") };
  if (named === "managedidentitycredential") return { kind: "managedIdentity", clientId: read(env, "AZURE_CLIENT_ID") };
  const tokenFile = read(env, "AZURE_FEDERATED_TOKEN_FILE");
  if (tokenFile !== null) return { kind: "workloadIdentity", ...application(env, "AZURE_FEDERATED_TOKEN_FILE"), tokenFile };
  const secret = read(env, "AZURE_CLIENT_SECRET");
  if (secret !== null) return { kind: "clientSecret", ...application(env, "AZURE_CLIENT_SECRET"), secret: new Redacted(secret) };
  const path = read(env, "AZURE_CLIENT_CERTIFICATE_PATH");
  if (path !== null) return clientCertificate(env, path);
  const isManaged = read(env, "IDENTITY_ENDPOINT") !== null || read(env, "MSI_ENDPOINT") !== null;
  if (isManaged) return { kind: "managedIdentity", clientId: read(env, "AZURE_CLIENT_ID") };
  return { kind: "azureCli", tenantId: read(env, "AZURE_TENANT_ID") };
}

function clientCertificate(env: Environment, path: string): CredentialChoice {
  const password = read(env, "AZURE_CLIENT_CERTIFICATE_PASSWORD");
  return {
    kind: "clientCertificate",
    ...application(env, "AZURE_CLIENT_CERTIFICATE_PATH"),
    path,
    password: password === null ? null : new Redacted(password),
  };
}

function application(env: Environment, given: string): { readonly tenantId: string; readonly clientId: string } {
  const tenantId = read(env, "AZURE_TENANT_ID");
  const clientId = read(env, "AZURE_CLIENT_ID");
  if (tenantId !== null && clientId !== null) return { tenantId, clientId };
  const missing = [...(tenantId === null ? ["AZURE_TENANT_ID"] : []), ...(clientId === null ? ["AZURE_CLIENT_ID"] : [])];
  throw new SignInError(`${given} is set, but ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not`, {
    hint: HOW_TO_SIGN_IN,
  });
}

function read(env: Environment, name: string): string | null {
  const text = env[name]?.trim() ?? "";
  return text === "" ? null : text;
}

/** Where credentials are shown: the cloud's login host, or a double on this machine. Nothing else ever sees a secret. */
export function authorityHost(env: Environment, cloud: Cloud): { readonly url: string; readonly isLoopback: boolean } {
  const expected = `https://${CLOUDS[cloud].loginHost}`;
  const given = read(env, "AZURE_AUTHORITY_HOST");
  if (given === null) return { url: expected, isLoopback: false };
  const url = URL.parse(given);
  const isLoopback = url !== null && isLoopbackHost(url.hostname);
  if (url?.protocol === "https:" && (isLoopback || url.origin === expected)) return { url: url.origin, isLoopback };
  throw new ConfigurationError("AZURE_AUTHORITY_HOST is not the login host of the cloud", {
    hint: `unset it, or set it to ${expected}, the login host of cloud ${cloud}`,
  });
}

/** The credential that the environment holds, for any service of the cloud. `@azure/identity` is loaded here and nowhere earlier. */
export async function createCredential(env: Environment, cloud: Cloud): Promise<TokenCredential> {
  return makeCredential(chooseCredential(env), authorityHost(env, cloud));
}

/** Tokens for Graph; the credential keeps its own cache until a renewal is asked for. */
export function createCredentialTokens(env: Environment, cloud: Cloud): (options?: TokenOptions) => Promise<AccessToken> {
  const scope = `https://${CLOUDS[cloud].graphHost}/.default`;
  let credential: Promise<TokenCredential> | null = null;
  return async (options = {}) => {
    if (credential === null || options.renew === true) credential = createCredential(env, cloud);
    const current = credential;
    try {
      const issued = await (await current).getToken(scope);
      if (issued === null) throw new SignInError("the credential gave no token", { hint: HOW_TO_SIGN_IN });
      return parseAccessToken(new Redacted(issued.token), issued.expiresOnTimestamp);
    } catch (error) {
      if (credential === current) credential = null;
      throw error instanceof ProductError ? error : signInError(error, chooseCredential(env).kind);
    }
  };
}

async function makeCredential(choice: CredentialChoice, authority: { url: string; isLoopback: boolean }): Promise<TokenCredential> {
  const identity = await import("@azure/identity");
  const options = { authorityHost: authority.url, disableInstanceDiscovery: authority.isLoopback };
  switch (choice.kind) {
    case "workloadIdentity":
      return new identity.WorkloadIdentityCredential({
        ...options,
        tenantId: choice.tenantId,
        clientId: choice.clientId,
        tokenFilePath: choice.tokenFile,
      });
    case "clientSecret":
      return new identity.ClientSecretCredential(choice.tenantId, choice.clientId, choice.secret.reveal(), options);
    case "clientCertificate": {
      const password = choice.password === null ? {} : { certificatePassword: choice.password.reveal() };
      const certificate = { certificatePath: choice.path, ...password };
      return new identity.ClientCertificateCredential(choice.tenantId, choice.clientId, certificate, options);
    }
    case "managedIdentity":
      return choice.clientId === null
        ? new identity.ManagedIdentityCredential()
        : new identity.ManagedIdentityCredential({ clientId: choice.clientId });
    case "azureCli":
      return new identity.AzureCliCredential(choice.tenantId === null ? {} : { tenantId: choice.tenantId });
  }
}

const LONGEST_REASON = 400;

/** Only the name and the first line of the cause are kept: a library's error may hold what a command printed. */
function signInError(error: unknown, kind: CredentialChoice["kind"]): SignInError {
  const name = error instanceof Error ? error.name : "Error";
  const reason = printable(withoutTokens(firstLine(error))).slice(0, LONGEST_REASON);
  const cause = new Error(reason);
  cause.name = name;
  const message = `no token for Graph could be had with ${CREDENTIAL_NAMES[kind]}: ${reason}`;
  return new SignInError(message, { hint: HOW_TO_SIGN_IN, cause });
}

const CREDENTIAL_NAMES: Readonly<Record<CredentialChoice["kind"], string>> = {
  workloadIdentity: "the workload identity of AZURE_FEDERATED_TOKEN_FILE",
  clientSecret: "AZURE_CLIENT_SECRET",
  clientCertificate: "AZURE_CLIENT_CERTIFICATE_PATH",
  managedIdentity: "the managed identity",
  azureCli: "the Azure CLI (no other credential is in the environment)",
};

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]?.trim() ?? "";
}

/** Three runs of base64url with dots between them: a token, whole or cut off. */
function withoutTokens(text: string): string {
  return text.replaceAll(/eyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g, "<redacted>");
}
