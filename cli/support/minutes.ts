/** `2026-11-20 12:00`, UTC, of an ISO 8601 text. */
export function minutes(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}
