import type { Sender } from "../domain/audit-log.ts";
import { ProductError } from "../domain/errors.ts";
import { parseTenantId } from "../domain/world.ts";
import type { AccessToken, TokenSource } from "./access-token.ts";

/**
 * With whom calls are sent, by the tokens' own word: the application, else the person who signed
 * in. Beside an application a person's token is asked for by a step that needs it, and by nothing
 * else. Empty where none can be had, or none can be read.
 */
export async function tokenSenders(tokens: TokenSource): Promise<readonly Sender[]> {
  const application = await orNull(tokens.application());
  return application === null ? senderOf(await orNull(tokens.delegated()), true) : senderOf(application, false);
}

async function orNull(token: Promise<AccessToken | null>): Promise<AccessToken | null> {
  try {
    return await token;
  } catch (error) {
    if (error instanceof ProductError) return null;
    throw error;
  }
}

/** Ids are GUIDs, as a tenant's is. */
function senderOf(token: AccessToken | null, isPerson: boolean): readonly Sender[] {
  const application = parseTenantId(token?.claims?.appid ?? "");
  const user = parseTenantId(token?.claims?.oid ?? "");
  if (application === null || (isPerson && user === null)) return [];
  return [{ application, user: isPerson ? user : null }];
}
