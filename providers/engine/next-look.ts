/** What decides when a waiting request looks at its device again; milliseconds. */
export interface Waiting {
  /** When it began to wait for what it waits for now. */
  readonly since: number;
  readonly now: number;
  /** Requests that wait for their devices and share one limit of Graph's, this one too. */
  readonly waiting: number;
}

const SHORTEST_MS = 250;
const LONGEST_MS = 15_000;
/** A quarter of the time that it took so far is the most that a report is seen late. */
const PART_OF_TIME = 4;
/**
 * Together they look 40 times in a second at most: 800 of the 2,000 calls that Graph takes in 20 s.
 * The others are for what is sent, with its looks.
 */
const APART_MS = 25;

/**
 * The instant of the next look. Each request keeps its own pace: quick for what is quick, a few
 * looks a minute for what takes long, and fewer the more of them wait. Instants fall on a grid, the
 * coarser the slower the pace, so that those of about the same time share their reads.
 */
export function nextLook({ since, now, waiting }: Waiting): number {
  const own = Math.min(Math.max(SHORTEST_MS, (now - since) / PART_OF_TIME), LONGEST_MS);
  const interval = Math.max(own, waiting * APART_MS);
  const step = Math.max(SHORTEST_MS, SHORTEST_MS * 2 ** Math.floor(Math.log2(interval / 2 / SHORTEST_MS)));
  const due = Math.floor((now + interval) / step) * step;
  return due > now ? due : due + step;
}
