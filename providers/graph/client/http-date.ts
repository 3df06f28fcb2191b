/**
 * Milliseconds since the epoch, or null. Source:
 * https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats
 */
export function httpDate(text: string): number | null {
  if (!/^[A-Za-z]{3,9}, [^,]* GMT$/.test(text.trim())) return null;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}

/**
 * What time it was for Graph when it answered: milliseconds since the epoch, whole seconds; null
 * where the answer does not say. Only an answer with a `request-id` has Graph's own head: the date
 * of a proxy is no evidence. An answer that a cache kept is as old as it says, and what comes after
 * it came after its age. Sources: https://www.rfc-editor.org/rfc/rfc9110#name-date,
 * https://www.rfc-editor.org/rfc/rfc9111#name-age,
 * https://learn.microsoft.com/graph/best-practices-concept#reliability-and-support
 */
export function graphTimeOf(headers: Pick<Headers, "get">): number | null {
  if ((headers.get("request-id") ?? "") === "") return null;
  const date = httpDate(headers.get("date") ?? "");
  const age = headers.get("age")?.trim() ?? "0";
  return date === null || !/^\d{1,9}$/.test(age) ? null : date + Number(age) * 1000;
}

/** A cache that has just asked Graph says 0; one that says nothing readable may be of any age. */
export function isFromCache(headers: Pick<Headers, "get">): boolean {
  const age = headers.get("age");
  return age !== null && !/^0+$/.test(age.trim());
}
