/** What is measured of a contender, in the order of one stack's life. */
export const OPERATIONS = {
  validate: "`validate`",
  fastPreview: "`preview --fast`",
  preview: "preview",
  up: "`up`",
  idlePreview: "preview, nothing to do",
  idleUp: "`up`, nothing to do",
  refresh: "refresh",
} as const;

export type Operation = keyof typeof OPERATIONS;

/** What runs, set up for so many requests, with a Graph of its own. */
export interface Stage {
  /** Null for an operation that this contender does not have. */
  readonly steps: Readonly<Partial<Record<Operation, () => Promise<StepEnd>>>>;
  /** Requests that reached Graph up to now, those in a `$batch` counted as one. */
  readonly graphCalls: () => number;
  /** Answers 429 up to now. */
  readonly refused: () => number;
  /** Mean of all resources; null where there is no state. */
  readonly stateBytes: () => Promise<number | null>;
  /** Takes away all that was made. */
  readonly close: () => Promise<void>;
}

export interface StepEnd {
  readonly code: number;
  /** stdout and stderr. */
  readonly text: string;
}

/** What all contenders of a run are set up by. */
export interface Conditions {
  readonly size: number;
  /** Milliseconds that Graph takes for each call besides its work. */
  readonly graphDelay: number;
}

export interface Contender {
  readonly name: string;
  /** What it is, in a clause. */
  readonly about: string;
  readonly open: (conditions: Conditions) => Promise<Stage>;
}

const TOLD = 2_000;

/** Throws, and shows the end of what a run said, where it failed. */
export function requireEnd({ code, text }: StepEnd, what: string): void {
  if (code === 0) return;
  console.error(`${what} ended with ${code}:\n${text.slice(-TOLD)}`);
  throw new Error(`${what} ended with ${code}`);
}
