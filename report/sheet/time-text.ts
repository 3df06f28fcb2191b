/** `2026-11-20 12:00`, UTC; empty where nobody tells. */
export function timeText(time: string | null): string {
  return time === null ? "" : time.slice(0, 16).replace("T", " ");
}
