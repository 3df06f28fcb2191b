/** A span of dates (`2026-12-20T18:00`), or of hours (`15:00`) on some weekdays. */
export interface Window {
  readonly from: string;
  /** The first minute after it; `24:00` is the end of a day. */
  readonly to: string;
  /** Of a span of hours; every day where it is absent. */
  readonly weekdays?: readonly string[];
  readonly why?: string;
}

/**
 * True where the clock on the wall of the time zone stands within the window; a change to summer
 * time moves no wall. `now` in milliseconds since the epoch. Throws `RangeError` for a zone that
 * nobody knows, and for a span that ends before it begins or mixes dates and hours.
 */
export function isFrozen({ from, to, weekdays }: Window, timeZone: string, now: number): boolean {
  const { date, time, weekday } = wallClock(timeZone, now);
  if (from.includes("T") !== to.includes("T")) throw new RangeError(`the freeze from ${from} to ${to} mixes dates and hours`);
  if (to <= from) throw new RangeError(`the freeze from ${from} to ${to} ends before it begins: one over midnight is two`);
  if (weekdays !== undefined && !weekdays.includes(weekday)) return false;
  const moment = from.includes("T") ? `${date}T${time}` : time;
  return from <= moment && moment < to;
}

function wallClock(timeZone: string, now: number): { readonly date: string; readonly time: string; readonly weekday: string } {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    weekday: "long",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const { year = "", month = "", day = "", hour = "", minute = "", weekday = "" } = parts;
  return { date: `${year}-${month}-${day}`, time: `${hour}:${minute}`, weekday: weekday.toLowerCase() };
}
