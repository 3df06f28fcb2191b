import { mapInPool } from "../../providers/support/map-in-pool.ts";
import { count } from "../../providers/support/words.ts";
import type { NotifyEvent } from "../event.ts";
import { messagesFor, type Occasion } from "./messages.ts";
import { type Delivery, type PostOptions, post } from "./post.ts";
import type { Target } from "./target.ts";

/** What came of one target, for people; never an address. */
export interface Told {
  readonly target: Target["name"];
  readonly isDelivered: boolean;
  readonly text: string;
}

/** Messages to one target at once. */
const AT_ONCE = 4;

/** Of one target, so that one that does not answer ends a job by minutes and not by hours. */
const MOST_FAILURES = 5;

/** Tells every target, at once; one that fails is no reason to tell another nothing. */
export async function tellAll(
  targets: readonly Target[],
  events: readonly NotifyEvent[],
  occasion: Occasion,
  options: PostOptions,
): Promise<readonly Told[]> {
  return await Promise.all(targets.map((target) => tell(target, events, occasion, options)));
}

async function tell(target: Target, events: readonly NotifyEvent[], occasion: Occasion, options: PostOptions): Promise<Told> {
  const messages = messagesFor(target, events, occasion);
  let failures = 0;
  const results = await mapInPool(messages, AT_ONCE, async (message): Promise<Delivery> => {
    if (failures >= MOST_FAILURES) return { kind: "failed", why: "not tried any more" };
    const delivery = await post(target, message, options);
    if (delivery.kind === "failed") failures += 1;
    return delivery;
  });
  const failed = results.filter((result) => result.kind === "failed");
  const [first] = failed;
  const where = `${target.name} at ${new URL(target.origin).host}`;
  if (first === undefined) return { target: target.name, isDelivered: true, text: `${where}: told of ${count(events.length, "event")}` };
  const part = messages.length === 1 ? "not told" : `${failed.length} of ${count(messages.length, "event")} not told`;
  return { target: target.name, isDelivered: false, text: `${where}: ${part}: ${first.why}` };
}
