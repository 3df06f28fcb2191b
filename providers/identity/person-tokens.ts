import { SignInError } from "../domain/errors.ts";
import type { Clock } from "../domain/ports.ts";
import type { Cloud } from "../support/cloud.ts";
import { LOGIN } from "../support/dlr-command.ts";
import { systemCode } from "../support/system-code.ts";
import type { AccessToken, TokenOptions } from "./access-token.ts";
import { type Authority, authorityOf, type Environment, readVariable } from "./authority.ts";
import { type RandomBytes, readLogin, type StoredLogin, writeLogin } from "./login-file.ts";
import type { LoginPlace } from "./login-place.ts";
import { renewSignIn, type SignInPorts } from "./person-sign-in.ts";
import { endsSoon } from "./token-cache.ts";

/** Where the sign-in of this machine is kept, and what its renewal needs. */
export interface PersonTokensOptions {
  readonly env: Environment;
  readonly cloud: Cloud;
  readonly place: LoginPlace;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly fetch?: typeof fetch;
}

/**
 * The token of the person who ran `dlr login` on this machine: null where nobody did. Throws
 * `SignInError` for a sign-in that has lapsed, that is for another tenant or cloud, or that others
 * could read. Never asks anybody anything.
 */
export function createPersonTokens(options: PersonTokensOptions): (ask?: TokenOptions) => Promise<AccessToken | null> {
  let failed: SignInError | null = null;
  let last: AccessToken | null = null;
  return async ({ renew = false } = {}) => {
    // What failed once in a run is not tried again for each of its requests.
    if (failed !== null && !renew) throw failed;
    if (!renew && !endsSoon(last, options.clock.now())) return last;
    try {
      last = await personToken(options);
      return last;
    } catch (error) {
      if (error instanceof SignInError) failed = error;
      throw error;
    }
  };
}

async function personToken({ env, cloud, place, clock, random, fetch }: PersonTokensOptions): Promise<AccessToken | null> {
  const login = await readLogin(place);
  if (login === null) return null;
  const authority = authorityOf(env, cloud);
  checkBinding(login, authority, readVariable(env, "AZURE_TENANT_ID"));
  const ports: SignInPorts = { clock, ...(fetch === undefined ? {} : { fetch }) };
  const { tenantId, clientId } = login.binding;
  const renewed = await renewSignIn({ authority, tenant: tenantId, clientId }, ports, login.cache, login.username);
  await keep(place, { ...login, cache: renewed.cache }, random);
  return renewed.token;
}

/** A sign-in to one tenant must not act on the devices of another. */
function checkBinding({ binding, username }: StoredLogin, authority: Authority, tenant: string | null): void {
  if (binding.authority !== authority.url) {
    throw foreign(
      `the sign-in of ${username} is at ${binding.authority}, not at ${authority.url}, the login host of cloud ${authority.cloud}`,
    );
  }
  if (tenant === null || isSame(tenant, binding.tenant) || isSame(tenant, binding.tenantId)) return;
  throw foreign(`the sign-in of ${username} is for tenant ${binding.tenant}, while AZURE_TENANT_ID names another`);
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function foreign(message: string): SignInError {
  return new SignInError(message, { hint: LOGIN });
}

/**
 * The token is at hand and good: a disk that takes no more only makes the sign-in lapse earlier.
 * Another sign-in, or a logout, meanwhile stays.
 */
async function keep(place: LoginPlace, login: StoredLogin, random: RandomBytes): Promise<void> {
  try {
    const current = await readLogin(place);
    if (current?.signedInAt === login.signedInAt) await writeLogin(place, login, random, false);
  } catch (error) {
    if (systemCode(error) === null && !(error instanceof SignInError)) throw error;
  }
}
