import type { NotifyEvent } from "../../notify/event.ts";
import { eventOf } from "../../notify/event-id.ts";
import type { Finding } from "../support/drift-rows.ts";

/** What a refresh saw first, and what it saw the end of; what is known was told before. */
export function driftEvents(found: readonly Finding[], stack: string, at: string): readonly NotifyEvent[] {
  return found.flatMap(({ name: request, finding, state, about, message, firstSeen, lastSeen }) => {
    if (state === "known") return [];
    return [
      eventOf({ kind: "drift", request, finding, state, about, message, firstSeen, lastSeen }, stack, state === "new" ? firstSeen : at),
    ];
  });
}
