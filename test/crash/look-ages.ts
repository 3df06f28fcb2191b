import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import { ONCE } from "./stage.ts";

/**
 * How old, in milliseconds, the last look at the device was when a call that must not be done twice
 * arrived; null where none came before it.
 */
export interface LookAge {
  readonly action: string;
  readonly ageMs: number | null;
}

/** The product's own bound, and what a call may take on its way on a busy machine. */
const LONGEST_MS = 5_000 + 1_000;

/**
 * Of every such call that came to Graph, by the order in which Graph saw things. Only a look of its
 * own counts, none in a batch.
 */
export function lookAges({ requests }: Pick<Emulator, "requests">): readonly LookAge[] {
  return requests.flatMap((call, index) => {
    if (call.action === null || !ONCE.includes(call.action)) return [];
    const isLook = ({ kind, batched, deviceId }: (typeof requests)[number]) =>
      (kind === "read" || kind === "readCode") && !batched && deviceId === call.deviceId;
    const look = requests.slice(0, index).findLast(isLook);
    return [{ action: call.action, ageMs: look === undefined ? null : call.at - look.at }];
  });
}

/** What is wrong with them, in words. */
export function judgeAges(ages: readonly LookAge[]): readonly string[] {
  return ages.flatMap(({ action, ageMs }) => {
    if (ageMs === null) return [`${action} was sent without a look at the device`];
    return ageMs <= LONGEST_MS ? [] : [`${action} was sent on a look that was ${(ageMs / 1000).toFixed(1)} s old`];
  });
}
