import { Slots } from "../support/slots.ts";
import { NextLooks } from "./next-look.ts";

/** How many requests of one run are in it, and how many of them do something, at once. */
export interface RunSlots {
  /**
   * Lets a request in: until then nothing is done for it, and its device is not taken. It is in
   * until it ends, or waits for its device for the first time.
   */
  enter<T>(work: (slot: RequestSlot) => Promise<T>): Promise<T>;
}

/** The slot of one request, which it has while it does something and never while it waits. */
export interface RequestSlot {
  /** Does work with a slot. */
  atWork<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Within `atWork`: waits for its turn with Graph, without a slot, and has one again before all
   * others.
   */
  forGraph<T>(wait: () => Promise<T>): Promise<T>;
  /** Within `atWork`: waits for its device, without a slot; others are let in for it. */
  forDevice<T>(wait: () => Promise<T>): Promise<T>;
  /** Within `forDevice`: when to look again, having waited since then; milliseconds. */
  nextLook(since: number, now: number): number;
}

/** What one process does at once. */
export interface RunSlotSizes {
  /**
   * Requests that were let in and have not waited yet: each holds the lock on its device. More than
   * the writes of one window of Graph's, so that none of these stays unused.
   */
  readonly entering: number;
  /**
   * Requests that look, escrow, record or send. A look may be some seconds old when its call goes,
   * so that not many may be between the two at once.
   */
  readonly working: number;
}

/** Of one process: a store, Graph and memory see as much at once as with few requests. */
export const RUN_SLOTS: RunSlotSizes = { entering: 256, working: 64 };

/**
 * Slots are given in the order of asking. Whoever has one waits for nobody who needs one: the lock
 * on a device is taken before, and waited for without. `shards`: stacks that share Graph's limits.
 */
export function createRunSlots({ entering, working }: RunSlotSizes = RUN_SLOTS, shards = 1): RunSlots {
  const door = new Slots(entering);
  const desks = new Slots(working);
  const looks = new NextLooks(shards);
  let waiting = 0;
  const without = async <T>(isFirst: boolean, wait: () => Promise<T>) => {
    desks.giveBack();
    try {
      return await wait();
    } finally {
      await desks.take(isFirst);
    }
  };
  return {
    enter: async (work) => {
      await door.take();
      let isIn = true;
      const letNextIn = () => {
        if (isIn) door.giveBack();
        isIn = false;
      };
      const slot: RequestSlot = {
        atWork: async (job) => {
          await desks.take();
          try {
            return await job();
          } finally {
            desks.giveBack();
          }
        },
        forGraph: (wait) => without(true, wait),
        forDevice: async (wait) => {
          letNextIn();
          waiting += 1;
          try {
            return await without(false, wait);
          } finally {
            waiting -= 1;
          }
        },
        nextLook: (since, now) => looks.plan({ since, now, waiting }),
      };
      try {
        return await work(slot);
      } finally {
        letNextIn();
      }
    },
  };
}
