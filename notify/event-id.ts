import { hash } from "node:crypto";
import { assertNever } from "../providers/domain/assert-never.ts";
import type { Happening, NotifyEvent } from "./event.ts";

/** An event of a stack; `at` is ISO 8601, of when it happened and not of when it is told. */
export function eventOf(happening: Happening, stack: string, at: string): NotifyEvent {
  // Every stack of a tenant sees the same foreign action.
  const place = happening.kind === "foreignAction" ? "" : stack;
  const parts = [place, happening.kind, ...whatMakesItThis(happening, at)];
  return { ...happening, id: hash("sha256", JSON.stringify(parts)).slice(0, 32), at, stack };
}

function whatMakesItThis(event: Happening, at: string): readonly unknown[] {
  switch (event.kind) {
    case "outcome":
      return [event.request, event.generation, event.outcome, at];
    case "drift":
      return [event.request, event.finding, event.about, event.state, event.firstSeen];
    case "foreignAction":
      return [event.entry];
    case "brake":
      return [event.state, event.reason, at];
    case "run":
    case "test":
      return [at];
    default:
      return assertNever(event);
  }
}
