const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** `2.1 days`, `1 hour`, `5 minutes`, `12 seconds`: a length of time as people say it. */
export function durationText(seconds: number): string {
  for (const [unit, length] of UNITS) {
    // What would be rounded to `60 minutes` is an hour.
    if (seconds < length * 0.995) continue;
    const amount = Math.round((seconds / length) * 10) / 10;
    return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
  }
  return `${seconds} second${seconds === 1 ? "" : "s"}`;
}
