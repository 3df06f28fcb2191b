import type { Usage } from "./measure-processes.ts";
import type { Operation } from "./operations.ts";

/** One operation of one contender in one round. */
export interface Sample extends Usage {
  readonly contender: string;
  readonly size: number;
  readonly round: number;
  readonly operation: Operation;
  readonly graphCalls: number;
  readonly refused: number;
}

/** State of a contender's requests after its last operation. */
export interface StateSize {
  readonly contender: string;
  readonly size: number;
  readonly bytes: number;
}

/** A run of the benchmark under Intune's limits. */
export interface LimitFigures {
  readonly name: string;
  readonly requests: number;
  readonly seconds: number;
  /** What limit and devices allow, by arithmetic. */
  readonly allowedSeconds: number;
  readonly refused: number;
  /** Requests that did not end in this run. */
  readonly unfinished: number;
}

/** Everything that one run of the benchmark found: what `--json` writes. */
export interface Figures {
  readonly samples: readonly Sample[];
  readonly states: readonly StateSize[];
  readonly limits: readonly LimitFigures[];
}

export type Measure = "seconds" | "cpuSeconds" | "peakMiB" | "graphCalls";

/** Where a value was measured. */
export interface Place {
  readonly contender: string;
  readonly size: number;
  readonly operation: Operation;
}

/** A measure by round; empty where it was not taken. */
export function valuesOf({ samples }: Figures, place: Place, measure: Measure): readonly number[] {
  return samples
    .filter((one) => one.contender === place.contender && one.size === place.size && one.operation === place.operation)
    .toSorted((a, b) => a.round - b.round)
    .map((one) => one[measure]);
}

export function sizesOf({ samples }: Figures): readonly number[] {
  return [...new Set(samples.map(({ size }) => size))].toSorted((a, b) => a - b);
}

export function contendersIn({ samples }: Figures): readonly string[] {
  return [...new Set(samples.map(({ contender }) => contender))];
}
