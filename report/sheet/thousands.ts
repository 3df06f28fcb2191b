/** `1,204`: a whole number as people read it, the same on every machine. */
export function thousands(number: number): string {
  return String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}
