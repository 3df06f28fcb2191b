/** Places of one call; what is held for it until it has gone counts as taken. */
export interface Taken {
  readonly weight: number;
  /** When it was handed out, and later when its call went; milliseconds. */
  at: number;
  hasGone: boolean;
}

/** Windows after which half a rate has grown to a whole one again. */
const WINDOWS_TO_RECOVER = 5;

/**
 * Up to `ceiling` places in any window of `length` milliseconds, counted from when their calls
 * went. A limit that others use too is found as TCP finds it: half the rate after a refusal, at an
 * even pace, and a little more after each window without one. Several refusals in one window are
 * one.
 */
export class RateWindow {
  readonly ceiling: number;
  readonly #length: number;
  /** Oldest first. */
  #taken: readonly Taken[] = [];
  #learnt: number;
  #learntAt = Number.NEGATIVE_INFINITY;

  constructor(ceiling: number, length: number) {
    this.ceiling = ceiling;
    this.#length = length;
    this.#learnt = ceiling;
  }

  /** Places are half as many from now on, until nothing is refused for a while. */
  refused(now: number): void {
    if (now - this.#learntAt < this.#length) return;
    this.#learnt = Math.max(1, Math.floor(this.#rateAt(now) / 2));
    this.#learntAt = now;
  }

  /** A call has its places and has not gone yet, or went in the last `recent` milliseconds. */
  isMoving(now: number, recent: number): boolean {
    return this.#within(now, this.#length).some(({ at, hasGone }) => !hasGone || at > now - recent);
  }

  /** How many more may go within the next `soon` milliseconds. */
  mayGoWithin(soon: number, now: number): number {
    const gone = this.#within(now, this.#length - soon).filter(({ hasGone }) => hasGone);
    return Math.max(0, this.#rateAt(now) - weightOf(gone));
  }

  /**
   * Milliseconds until a call may have its places, or will within `ahead` of then; none where it
   * may now. `kept` places are left to others, half of all at
   * most.
   */
  untilFree(weight: number, now: number, { kept = 0, ahead = 0 } = {}): number {
    const rate = this.#rateAt(now);
    const own = Math.min(weight, rate);
    const isLearnt = rate < this.ceiling;
    // What is less than it was is not known well enough to be counted on.
    const length = this.#length - (isLearnt ? 0 : ahead);
    const free = untilAtMost(Math.max(0, rate - Math.min(kept, Math.floor(rate / 2)) - own), this.#within(now, length), now - length);
    return isLearnt ? Math.max(free, this.#untilPaced(rate, now)) : free;
  }

  /**
   * Milliseconds until the next call at an even pace: of a burst that is too large for what others
   * leave, all would be refused that are on their way.
   */
  #untilPaced(rate: number, now: number): number {
    const last = this.#within(now, this.#length).at(-1);
    return last === undefined ? 0 : Math.max(0, last.at + Math.floor((last.weight * this.#length) / rate) - now);
  }

  /** Milliseconds until a call that has its places may go: by what has gone, and no more of it. */
  untilMayGo(weight: number, now: number): number {
    const gone = this.#within(now, this.#length).filter(({ hasGone }) => hasGone);
    return untilAtMost(Math.max(0, this.ceiling - weight), gone, now - this.#length);
  }

  take(weight: number, now: number): Taken {
    const taken = { weight, at: now, hasGone: false };
    this.#taken = [...this.#within(now, this.#length), taken];
    return taken;
  }

  giveBack(taken: Taken): void {
    this.#taken = this.#taken.filter((one) => one !== taken);
  }

  /** Its call goes now: the place is free a window later. */
  goes(taken: Taken, now: number): void {
    taken.at = now;
    taken.hasGone = true;
    this.#taken = [...this.#taken.filter((one) => one !== taken), taken];
  }

  #within(now: number, length: number): readonly Taken[] {
    return this.#taken.filter(({ at }) => at > now - length);
  }

  #rateAt(now: number): number {
    const grown = Math.floor((now - this.#learntAt) / this.#length) * Math.ceil(this.ceiling / 2 / WINDOWS_TO_RECOVER);
    return Math.min(this.ceiling, this.#learnt + grown);
  }
}

/** Milliseconds until at most `most` places of these, oldest first, are younger than `oldest`. */
function untilAtMost(most: number, taken: readonly Taken[], oldest: number): number {
  let tooMany = weightOf(taken) - most;
  for (const { weight, at } of taken) {
    if (tooMany <= 0) break;
    tooMany -= weight;
    if (tooMany <= 0) return at - oldest;
  }
  return 0;
}

function weightOf(taken: readonly Taken[]): number {
  return taken.reduce((sum, { weight }) => sum + weight, 0);
}
