import { ProductError } from "../domain/errors.ts";

/**
 * The system's code of a failed operation, such as `ENOSPC`; null for errors of ours and for any
 * other. By shape: it may be of another realm.
 */
export function systemCode(error: unknown): string | null {
  if (typeof error !== "object" || error === null || error instanceof ProductError) return null;
  return "code" in error && typeof error.code === "string" ? error.code : null;
}
