import { randomBytes } from "node:crypto";
import { printable } from "../../providers/domain/diagnostic.ts";
import { SignInError } from "../../providers/domain/errors.ts";
import { readLogin } from "../../providers/identity/login-file.ts";
import type { LoginPlace } from "../../providers/identity/login-place.ts";
import { createPersonTokens } from "../../providers/identity/person-tokens.ts";
import { CLOUD_NAMES, CLOUDS, parseCloud } from "../../providers/support/cloud.ts";
import { LOGIN } from "../../providers/support/dlr-command.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import type { LoginFlags } from "./flags.ts";
import { renderPermissions } from "./render-permissions.ts";

/**
 * Renews the sign-in as a run with the same variables would; throws `SignInError` where that fails.
 */
export async function showStatus(flags: LoginFlags, place: LoginPlace, env: NodeJS.ProcessEnv): Promise<void> {
  const login = await readLogin(place);
  if (login === null) throw new SignInError("nobody is signed in on this machine", { hint: LOGIN });
  const { binding, username, signedInAt } = login;
  console.log(`${printable(username)} signed in at ${signedInAt}`);
  console.log(
    `  tenant       ${binding.tenant} (${binding.tenantId})\n  application  ${binding.clientId}\n  login host   ${binding.authority}`,
  );
  const cloud = flags.cloud === undefined ? cloudOf(binding.authority) : parseCloud(flags.cloud);
  const token = await createPersonTokens({ env, cloud, place, clock: systemClock, random: randomBytes })();
  if (token === null) throw new SignInError("somebody signed out meanwhile", { hint: LOGIN });
  console.log(`it works; ${renderPermissions(token)}`);
}

/** Two clouds share a login host; for a sign-in they are one. */
function cloudOf(authority: string) {
  return CLOUD_NAMES.find((name) => authority === `https://${CLOUDS[name].loginHost}`) ?? "global";
}
