import { ProductError } from "../domain/errors.ts";
import { parseTenantId } from "../domain/world.ts";
import type { TokenSource } from "./access-token.ts";

/**
 * The tenant that the tokens are of, by their own word: the application's, which devices are read
 * with, else the person's. Null where none can be had, which whoever needs one is told then, or
 * where it cannot be read.
 */
export async function tokenTenant(tokens: TokenSource): Promise<string | null> {
  try {
    const token = (await tokens.application()) ?? (await tokens.delegated());
    return parseTenantId(token?.claims?.tid ?? "");
  } catch (error) {
    if (error instanceof ProductError) return null;
    throw error;
  }
}
