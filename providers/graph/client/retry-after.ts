import { httpDate } from "./http-date.ts";

/**
 * Milliseconds that the server asks to wait, or null. A date counts from the answer's own `Date`,
 * since our clock may be wrong; from `now` where the answer has none. Source:
 * https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function retryAfter(headers: Pick<Headers, "get">, now: number): number | null {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const until = httpDate(text);
  if (until === null) return null;
  return Math.max(0, until - (httpDate(headers.get("date") ?? "") ?? now));
}
