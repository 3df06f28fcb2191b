import { afterAll } from "@jest/globals";
import { createCertificate, type Entra, type EntraOptions, GITHUB, startEntra } from "../../emulator/entra/entra.ts";
import type { Environment } from "../../providers/identity/authority.ts";
import { trustCertificates } from "../support/trust-certificates.ts";

export const PRIVILEGED = "DeviceManagementManagedDevices.PrivilegedOperations.All";
export const READ = "DeviceManagementManagedDevices.Read.All";
export const SECRET = "s3cret-of-the-application";

/** The application, with a secret and with the job on GitHub that it trusts. */
export const APPLICATION = {
  clientId: "aaaaaaaa-0000-4000-8000-000000000001",
  secret: SECRET,
  roles: [READ, PRIVILEGED],
  federated: [{ ...GITHUB, audience: "api://AzureADTokenExchange" }],
};

/** The application that people sign in through. */
export const PUBLIC = { clientId: "bbbbbbbb-0000-4000-8000-000000000002", isPublic: true, scopes: [READ, PRIVILEGED] };

const cleanUp: (() => unknown)[] = [];

afterAll(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

let certificate: Awaited<ReturnType<typeof createCertificate>> | null = null;

/** A login service that this process trusts, until the tests of the file are over. */
export async function openEntra(options: Partial<EntraOptions> = {}): Promise<Entra> {
  if (certificate === null) {
    certificate = await createCertificate();
    cleanUp.push(trustCertificates(certificate.cert));
  }
  const entra = await startEntra({ applications: [APPLICATION, PUBLIC], certificate, ...options });
  cleanUp.push(() => entra.close());
  return entra;
}

export function envOf(entra: Entra, more: Environment = {}): Environment {
  return { AZURE_AUTHORITY_HOST: entra.url, AZURE_TENANT_ID: entra.tenantId, AZURE_CLIENT_ID: APPLICATION.clientId, ...more };
}
