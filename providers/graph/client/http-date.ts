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
 * where the answer does not say. An answer that a cache kept is as old as it says, and what comes
 * after it came after its age. Sources: https://www.rfc-editor.org/rfc/rfc9110#name-date,
 * https://www.rfc-editor.org/rfc/rfc9111#name-age
 */
export function graphTimeOf(headers: Pick<Headers, "get">): number | null {
  const date = httpDate(headers.get("date") ?? "");
  const age = headers.get("age")?.trim() ?? "0";
  return date === null || !/^\d{1,9}$/.test(age) ? null : date + Number(age) * 1000;
}
