/** The `code` of a system error, such as ENOSPC; null for anything else. By shape, so that errors of another realm count too. */
export function errorCode(error: unknown): string | null {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" ? error.code : null;
}
