import { randomBytes } from "node:crypto";
import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { authorityOf, type Environment, readVariable } from "../../providers/identity/authority.ts";
import { writeLogin } from "../../providers/identity/login-file.ts";
import type { LoginPlace } from "../../providers/identity/login-place.ts";
import { type PersonClient, signInByCode } from "../../providers/identity/person-sign-in.ts";
import { isCi } from "../../providers/support/ci.ts";
import { parseCloud } from "../../providers/support/cloud.ts";
import { LOGIN } from "../../providers/support/dlr-command.ts";
import { systemClock, timestamp } from "../../providers/support/system-clock.ts";
import type { LoginFlags } from "./flags.ts";
import { renderPermissions } from "./render-permissions.ts";

/** Throws `ConfigurationError` in CI, and `SignInError` where the code was declined or lapsed. */
export async function signIn(flags: LoginFlags, place: LoginPlace, env: NodeJS.ProcessEnv): Promise<void> {
  if (isCi(env)) {
    throw new ConfigurationError("nobody signs in in CI: a code in a build's log is for whoever reads it first", {
      hint: "sign in on your own machine, or give the build a token as GRAPH_DELEGATED_ACCESS_TOKEN",
    });
  }
  const client = clientOf(flags, env);
  const { token, username, tenantId, cache } = await signInByCode(client, { clock: systemClock }, ({ message }) =>
    console.error(printable(message)),
  );
  const binding = { authority: client.authority.url, tenant: client.tenant, tenantId, clientId: client.clientId };
  await writeLogin(place, { binding, username, signedInAt: timestamp(systemClock), cache }, randomBytes, true);
  console.log(`signed in as ${printable(username)}, tenant ${printable(client.tenant)}`);
  console.log(renderPermissions(token));
  console.error(`kept encrypted in ${place.sealedFolder}; \`${LOGIN} --logout\` removes it`);
}

/** Names under which the login service takes accounts of any tenant. */
const NO_TENANT = ["common", "organizations", "consumers"];

function clientOf(flags: LoginFlags, env: Environment): PersonClient {
  const authority = authorityOf(env, parseCloud(flags.cloud ?? "global"));
  const tenant = flags.tenant ?? readVariable(env, "AZURE_TENANT_ID");
  const clientId = flags.clientId ?? readVariable(env, "AZURE_CLIENT_ID");
  if (tenant === null) throw new ConfigurationError("which tenant?", { hint: "--tenant TENANT, or AZURE_TENANT_ID" });
  if (clientId === null) {
    const hint = "--client-id ID, or AZURE_CLIENT_ID: an application of the tenant that allows public client flows (docs/identities.md)";
    throw new ConfigurationError("through which application?", { hint });
  }
  if (NO_TENANT.includes(tenant.toLowerCase()) || !/^[a-z0-9][a-z0-9.-]{0,254}$/i.test(tenant))
    throw new ConfigurationError(`${JSON.stringify(tenant)} names no single tenant`, { hint: "give its id, or one of its domains" });
  if (!/^[a-z0-9-]{1,64}$/i.test(clientId))
    throw new ConfigurationError(`${JSON.stringify(clientId)} is not the id of an application`, {
      hint: "give the application's (client) id",
    });
  return { authority, tenant, clientId };
}
