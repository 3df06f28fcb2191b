/**
 * A day for "for example": the last one of the month after next. A fixed day would soon be past.
 */
export function exampleDate(now: Date = new Date()): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 3, 0)).toISOString().slice(0, 10);
}
