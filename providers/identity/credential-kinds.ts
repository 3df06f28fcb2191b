import type { Redacted } from "../domain/redacted.ts";

/** An application in its tenant, as Entra registers it. */
export interface Application {
  readonly tenantId: string;
  readonly clientId: string;
}

/**
 * One way to sign in as the application, chosen by the variables that are present and by nothing
 * else.
 */
export type CredentialChoice =
  | (Application & { readonly kind: "workloadIdentity"; readonly tokenFile: string })
  | (Application & { readonly kind: "gitHubActions"; readonly requestUrl: string; readonly requestToken: Redacted<string> })
  | (Application & {
      readonly kind: "azurePipelines";
      readonly requestUrl: string;
      readonly serviceConnectionId: string;
      readonly accessToken: Redacted<string>;
    })
  | (Application & { readonly kind: "clientSecret"; readonly secret: Redacted<string> })
  | (Application & { readonly kind: "clientCertificate"; readonly path: string; readonly password: Redacted<string> | null })
  | { readonly kind: "managedIdentity"; readonly clientId: string | null }
  | { readonly kind: "azureCli"; readonly tenantId: string | null };
