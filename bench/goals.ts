import { contendersIn, type Figures, type Measure, type Place, sizesOf, valuesOf } from "./figures.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import { ratioOf, spreadOf } from "./statistics.ts";

/** Something that should hold, and how much of it there may be at most. */
export interface Goal {
  readonly name: string;
  readonly limit: number;
  readonly unit: "×" | "s" | "bytes" | "calls";
  /** Null where this run did not measure it. */
  readonly valueIn: (figures: Figures, measure: TimeMeasure) => number | null;
}

/** How time is judged: processor time says the same on a busy machine. */
export type TimeMeasure = "seconds" | "cpuSeconds";

export interface Verdict {
  readonly goal: Goal;
  readonly value: number | null;
  readonly holds: boolean | null;
}

const OURS = "escrow-only";
const BARE = "bare";
const IDLE: readonly Operation[] = ["idlePreview", "idleUp"];

/** Every goal, in one place. */
export const GOALS: readonly Goal[] = [
  timeGoal("preview of 3, to the bare engine", 1.05, "preview", 3),
  timeGoal("`up` of 3, escrow-only, to the bare engine", 1.2, "up", 3),
  timeGoal("preview of 1,000, to the bare engine", 1.2, "preview", 1_000),
  timeGoal("`up` of 1,000, escrow-only, to the bare engine", 1.8, "up", 1_000),
  timeGoal("preview of 1,000 with nothing to do, to the bare engine", 1.1, "idlePreview", 1_000),
  timeGoal("`up` of 1,000 with nothing to do, to the bare engine", 1.1, "idleUp", 1_000),
  goal("Graph calls of 1,000 with nothing to do", 0, "calls", (figures) =>
    highest(IDLE.flatMap((operation) => valuesOf(figures, { contender: OURS, size: 1_000, operation }, "graphCalls"))),
  ),
  goal("peak memory of 1,000, to the bare engine", 1.15, "×", (figures) =>
    highest(
      (Object.keys(OPERATIONS) as Operation[]).map((operation) => toBare(figures, { contender: OURS, size: 1_000, operation }, "peakMiB")),
    ),
  ),
  goal("1,000 to 100, the worst of all our operations", 10.5, "×", growth),
  goal("state of a request, escrow-only", 2_048, "bytes", ({ states }) =>
    highest(states.filter((one) => one.contender === OURS).map(({ bytes }) => bytes)),
  ),
  goal("`dlr up --reviewed` to `pulumi up --skip-preview`, the worst size", 1.15, "×", (figures, measure) =>
    highest(
      sizesOf(figures).map((size) =>
        ratio(figures, { contender: "dlr", size, operation: "up" }, { contender: OURS, size, operation: "up" }, measure),
      ),
    ),
  ),
  secondsGoal("`dlr preview --fast` of 3", 0.5, "fastPreview"),
  secondsGoal("`dlr validate` of 3", 0.5, "validate"),
  goal("unlock-and-wipe under Intune's limits, to what they allow", 1.1, "×", (figures) => overAllowed(figures, "unlock-and-wipe")),
  goal("resets of waiting devices under Intune's limits, to what limits and devices allow", 1.15, "×", (figures) =>
    overAllowed(figures, "reset-passcode"),
  ),
  goal("calls refused under Intune's limits", 0, "calls", ({ limits }) => highest(limits.map(({ refused }) => refused))),
  goal("requests not ended under Intune's limits", 0, "calls", ({ limits }) => highest(limits.map(({ unfinished }) => unfinished))),
];

/** Each goal with what this run found. */
export function judge(figures: Figures, measure: TimeMeasure): readonly Verdict[] {
  return GOALS.map((one) => {
    const value = one.valueIn(figures, measure);
    return { goal: one, value, holds: value === null ? null : value <= one.limit };
  });
}

/** Median of the rounds' ratios; null where one of them was not measured. */
function ratio(figures: Figures, ours: Place, theirs: Place, measure: Measure): number | null {
  const [a, b] = [valuesOf(figures, ours, measure), valuesOf(figures, theirs, measure)];
  return a.length === 0 || a.length !== b.length ? null : ratioOf(a, b).median;
}

/** The same operation of the bare engine is one. */
export function toBare(figures: Figures, place: Place, measure: Measure): number | null {
  return ratio(figures, place, { ...place, contender: BARE }, measure);
}

function goal(name: string, limit: number, unit: Goal["unit"], valueIn: Goal["valueIn"]): Goal {
  return { name, limit, unit, valueIn };
}

function timeGoal(name: string, limit: number, operation: Operation, size: number): Goal {
  return goal(name, limit, "×", (figures, measure) => toBare(figures, { contender: OURS, size, operation }, measure));
}

function secondsGoal(name: string, limit: number, operation: Operation): Goal {
  return goal(name, limit, "s", (figures, measure) => {
    const values = valuesOf(figures, { contender: "dlr", size: 3, operation }, measure);
    return values.length === 0 ? null : spreadOf(values).median;
  });
}

/** What is not ours grows as it will. */
function growth(figures: Figures, measure: TimeMeasure): number | null {
  const ours = contendersIn(figures).filter((one) => one !== BARE && !one.startsWith("script"));
  return highest(
    ours.flatMap((contender) =>
      (Object.keys(OPERATIONS) as Operation[]).map((operation) =>
        ratio(figures, { contender, size: 1_000, operation }, { contender, size: 100, operation }, measure),
      ),
    ),
  );
}

function overAllowed({ limits }: Figures, name: string): number | null {
  const one = limits.find((limit) => limit.name === name);
  return one === undefined ? null : one.seconds / one.allowedSeconds;
}

function highest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
