/** What decides when a waiting request looks at its device again; milliseconds. */
export interface Waiting {
  /** When it began to wait for what it waits for now. */
  readonly since: number;
  readonly now: number;
  /** Requests that wait for their devices, this one too. */
  readonly waiting: number;
}

const SHORTEST_MS = 250;
const LONGEST_MS = 15_000;
/** A quarter of the time that it took so far is the most that a report is seen late. */
const PART_OF_TIME = 4;
const WINDOW_MS = 20_000;
/**
 * Of the 2,000 calls that Graph takes in 20 s; the others are for what is sent, with the looks
 * before it. https://learn.microsoft.com/graph/throttling-limits
 */
const LOOKS_PER_WINDOW = 800;

/**
 * When the waiting requests of one run look again. Each keeps its own pace: quick for what is
 * quick, a few looks a minute for what takes long; where they are so many that this would take too
 * much of Graph's limit, they take turns. Instants fall on a grid, the coarser the slower the pace,
 * so that those of about the same time share their reads.
 */
export class NextLooks {
  readonly #most: number;
  /** Instants of the last window, and those to come. */
  #planned: number[] = [];

  /** `shards`: stacks that share the limit. */
  constructor(shards: number) {
    this.#most = LOOKS_PER_WINDOW / shards;
  }

  /** The instant of the next look of one of them. */
  plan({ since, now, waiting }: Waiting): number {
    this.#planned = this.#planned.filter((instant) => instant > now - WINDOW_MS);
    const own = Math.min(Math.max(SHORTEST_MS, (now - since) / PART_OF_TIME), LONGEST_MS);
    // What was planned at their own pace comes on top of what goes by turns, for one window.
    const isCrowded = this.#planned.length + waiting > this.#most / 2;
    const inTurn = (waiting / this.#most) * WINDOW_MS;
    const instant = isCrowded && inTurn > own ? onGrid(now, inTurn, Math.ceil) : onGrid(now, own, Math.floor);
    this.#planned.push(instant);
    return instant;
  }
}

/** The instant of the grid before or after the end of the interval, and never in its first half. */
function onGrid(now: number, interval: number, round: (steps: number) => number): number {
  const step = Math.max(SHORTEST_MS, SHORTEST_MS * 2 ** Math.floor(Math.log2(interval / 2 / SHORTEST_MS)));
  const due = round((now + interval) / step) * step;
  return due > now ? due : due + step;
}
