import { destroysData, locksOut } from "../domain/actions/action-table.ts";
import type { ClockReading } from "../domain/clock-reading.ts";
import { defineRule } from "./rule.ts";

const MINUTE = 60 * 1000;

/** Servers, and the way to them, take seconds; a clock that nobody sets is soon wrong by more. */
export const MOST_APART_MS = 5 * MINUTE;

/** False where nothing that another machine wrote down can be compared with our time. */
export function isClockSure(reading: ClockReading | null): boolean {
  return reading !== null && Math.abs(reading.ours - reading.graphs) <= MOST_APART_MS;
}

/**
 * Expiry, limits of 24 hours and grace periods are told by this machine's clock, and its records
 * are read by other machines: one dated ahead counts for too long, one dated back for too short a
 * time.
 */
export const wrongClockRule = defineRule({
  id: "wrong-clock",
  code: null,
  reason: "ClockWrong",
  outcome: "pending",
  asked: ["step", "wire"],
  key: "plan",
  when: "the clock of this machine is more than five minutes from Graph's, by the `Date` of Graph's last answer: what has a step left that destroys data or locks people out, or has `expires`, sends nothing; nor does it where no answer tells Graph's time (`NotReadable`)",
  goOn: "set the clock of the machine that runs `up`, or have it synchronized",
  applies: ({ steps, request }) => request.terms.expires !== null || steps.some(({ action }) => destroysData(action) || locksOut(action)),
  needs: ["clock"],
  judge: (_, { clock }) => {
    if (isClockSure(clock.value)) return null;
    const { ours, graphs } = clock.value;
    const minutes = Math.round(Math.abs(ours - graphs) / MINUTE);
    return {
      message: `the clock of this machine says ${timeOf(ours)}, and Graph's says ${timeOf(graphs)}: it is ${minutes} minutes ${ours > graphs ? "ahead" : "behind"}, and limits and expiry cannot be told`,
      hint: "nothing was sent; set the clock of this machine, or have it synchronized, and run up again (or see which proxy changes the Date of Graph's answers)",
    };
  },
});

/** To the second. */
function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}
