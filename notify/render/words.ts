import { assertNever } from "../../providers/domain/assert-never.ts";
import { DRIFTS } from "../../providers/domain/drift.ts";
import { STANDING_WORDS } from "../../providers/engine/standing.ts";
import { count } from "../../providers/support/words.ts";
import type { EventDevice, NotifyEvent } from "../event.ts";

/** How urgent an event is for whoever reads it. */
export type Urgency = "red" | "yellow" | "green";

/** One event in words; `text` may hold anybody's. */
export interface EventWords {
  readonly urgency: Urgency;
  /** In a word or two: `failed`, `drifted`. */
  readonly word: string;
  /** What it is about; empty where it is about the stack. */
  readonly subject: string;
  readonly text: string;
}

/** Event by event, without marks of any chat. */
export function wordsOf(event: NotifyEvent): EventWords {
  switch (event.kind) {
    case "outcome":
      return {
        urgency: urgencyOf(event.outcome),
        word: STANDING_WORDS[event.outcome],
        subject: `${event.request}${shown(event.device)}`,
        text: event.message,
      };
    case "drift":
      return { ...driftWords(event), subject: event.request, text: event.message };
    case "brake":
      return brakeWords(event);
    case "foreignAction":
      return {
        urgency: "red",
        word: `foreign ${event.action}`,
        subject: shown(event.device).trim(),
        text: `no request explains it; sent by ${event.who ?? "nobody knows whom"} at ${event.at}`,
      };
    case "run":
      return { urgency: "red", word: "run failed", subject: "", text: `exit code ${event.exitCode}; ${event.errors.join("; ")}` };
    case "test":
      return { urgency: "green", word: "test", subject: "", text: "this is what a notification looks like; nothing happened" };
    default:
      return assertNever(event);
  }
}

function urgencyOf(outcome: Extract<NotifyEvent, { kind: "outcome" }>["outcome"]): Urgency {
  if (outcome === "succeeded") return "green";
  return outcome === "failed" || outcome === "expired" || outcome === "ambiguous" ? "red" : "yellow";
}

function driftWords({ finding, state }: Extract<NotifyEvent, { kind: "drift" }>): Pick<EventWords, "urgency" | "word"> {
  if (state === "resolved") return { urgency: "green", word: "resolved" };
  switch (DRIFTS[finding].weight) {
    case "drift":
      return { urgency: "red", word: "drifted" };
    case "notice":
      return { urgency: "yellow", word: "notice" };
    case "unknown":
      return { urgency: "yellow", word: "cannot be told" };
    default:
      return assertNever(DRIFTS[finding]);
  }
}

function brakeWords({ state, reason, who, held }: Extract<NotifyEvent, { kind: "brake" }>): EventWords {
  const by = who === null ? "" : `, by ${who}`;
  const names = held.length === 0 ? "" : `; ${count(held.length, "request")} held`;
  return { urgency: state === "released" ? "yellow" : "red", word: `brake ${state}`, subject: "", text: `${reason}${by}${names}` };
}

function shown({ deviceName, serialNumber, id }: EventDevice): string {
  const names = [deviceName, serialNumber ?? id].filter((name) => name !== null);
  return names.length === 0 ? "" : ` (${names.join(" ")})`;
}
