/**
 * Milliseconds since the epoch, or null. Source:
 * https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats
 */
export function httpDate(text: string): number | null {
  if (!/^[A-Za-z]{3,9}, [^,]* GMT$/.test(text.trim())) return null;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}
