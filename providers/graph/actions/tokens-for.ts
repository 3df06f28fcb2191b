import type { RemoteAction } from "../../domain/actions/action-table.ts";
import { SignInError } from "../../domain/errors.ts";
import type { AccessToken, TokenSource } from "../../identity/access-token.ts";
import { grantOf, type Tokens } from "./permission.ts";

/**
 * The application's token, and the person's only where the application's does not surely carry what
 * the action needs: most runs never ask for it. A sign-in that cannot be used is no token, and
 * `why` says so.
 */
export async function tokensFor(action: RemoteAction, source: TokenSource, refusedToApplication: boolean): Promise<Tokens> {
  const application = await source.application();
  if (grantOf(action, application, refusedToApplication) === "granted") return { application, delegated: null };
  const { token, why } = await personToken(source);
  if (token === null) return { application, delegated: null, ...(why === undefined ? {} : { why }) };
  if (isOfOneTenant(application, token)) return { application, delegated: token };
  return { application, delegated: null, why: "the person's token is of another tenant than the application's" };
}

async function personToken(source: TokenSource): Promise<{ readonly token: AccessToken | null; readonly why?: string }> {
  try {
    return { token: await source.delegated() };
  } catch (error) {
    if (error instanceof SignInError) return { token: null, why: error.message };
    throw error;
  }
}

/** Devices are found with one token and acted on with the other. */
function isOfOneTenant(application: AccessToken | null, delegated: AccessToken): boolean {
  const [one, other] = [application?.claims?.tid ?? null, delegated.claims?.tid ?? null];
  return one === null || other === null || one.toLowerCase() === other.toLowerCase();
}
