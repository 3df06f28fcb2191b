import type { Form } from "./entra-clients.ts";
import { EntraError } from "./entra-error.ts";
import type { EntraGrants } from "./entra-grants.ts";
import type { EntraApplication } from "./entra-options.ts";
import type { Pipelines } from "./entra-pipelines.ts";

/** A request, read whole; headers that are absent are empty. */
export interface EntraCall {
  readonly method: string;
  readonly url: URL;
  readonly form: Form;
  readonly authorization: string;
  /** What a host gives its programs, to ask for its managed identity's token. */
  readonly identityHeader: string;
}

/** What the routes answer from. */
export interface EntraParts {
  readonly origin: string;
  readonly tenantId: string;
  readonly applications: readonly EntraApplication[];
  readonly grants: EntraGrants;
  readonly pipelines: Pipelines;
}

/** Addresses of what stands beside the login service on the same server. */
export const GITHUB_PATH = "/github/idtoken";

/** As `SYSTEM_OIDCREQUESTURI` of Azure Pipelines names it for a job. */
export const AZURE_DEVOPS_PATH = "/azure-devops/oidctoken";

/** As `IDENTITY_ENDPOINT` of a host names it for its programs. */
export const MANAGED_IDENTITY_PATH = "/managed-identity/token";

/** Null: not found, or not for whoever asked. Throws `EntraError`. */
export async function answerEntra(call: EntraCall, parts: EntraParts): Promise<object | null> {
  const { method, url, authorization } = call;
  switch (`${method} ${url.pathname}`) {
    case `GET ${GITHUB_PATH}`:
      return parts.pipelines.github(url, authorization);
    case `POST ${AZURE_DEVOPS_PATH}`:
      return parts.pipelines.azureDevOps(url, authorization);
    case `GET ${MANAGED_IDENTITY_PATH}`:
      return managedIdentity(call, parts);
    default:
      return answerTenant(call, parts);
  }
}

function answerTenant({ method, url, form }: EntraCall, { origin, tenantId, grants }: EntraParts): Promise<object> | object | null {
  const [, tenant = "", ...rest] = url.pathname.split("/");
  if (tenant !== tenantId)
    throw new EntraError("unknownTenant", `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID.`);
  const base = `${origin}/${tenantId}`;
  switch (`${method} ${rest.join("/")}`) {
    case "GET v2.0/.well-known/openid-configuration":
      return {
        issuer: `${base}/v2.0`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
        end_session_endpoint: `${base}/oauth2/v2.0/logout`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
      };
    case "POST oauth2/v2.0/token":
      return grants.token(form);
    case "POST oauth2/v2.0/devicecode":
      return grants.deviceCode(form);
    default:
      return null;
  }
}

/**
 * As App Service answers: https://learn.microsoft.com/azure/app-service/overview-managed-identity
 */
async function managedIdentity(
  { url, identityHeader }: EntraCall,
  { applications, grants, pipelines }: EntraParts,
): Promise<object | null> {
  const clientId = url.searchParams.get("client_id") ?? applications[0]?.clientId;
  const application = applications.find((candidate) => candidate.clientId === clientId);
  if (identityHeader !== pipelines.jobToken || application === undefined) return null;
  const resource = (url.searchParams.get("resource") ?? "").replace(/\/$/, "");
  const { access_token, expires_in } = await grants.applicationToken(application, resource);
  return { access_token, resource, token_type: "Bearer", client_id: clientId, expires_on: `${Math.floor(Date.now() / 1000) + expires_in}` };
}
