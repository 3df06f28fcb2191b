import { assertNever } from "../../providers/domain/assert-never.ts";
import { printable } from "../../providers/domain/diagnostic.ts";
import { DRIFTS, type DriftFinding, type DriftWeight } from "../../providers/domain/drift.ts";
import { findingsOf } from "../../providers/pulumi/drift-findings.ts";
import { serverText } from "../../providers/support/server-text.ts";
import { count } from "../../providers/support/words.ts";
import { minutes } from "./minutes.ts";

/** One thing that refreshes found of one request. */
export interface Finding {
  readonly name: string;
  /**
   * `unknown`: nobody can tell, and the device may be as it was. `notice`: good to know, and no
   * drift. Of what is resolved: what it was.
   */
  readonly kind: "drifted" | "unknown" | "notice";
  readonly message: string;
  readonly finding: DriftFinding["kind"];
  readonly state: DriftFinding["state"];
  /** `device`, `bypassCode`, or the reference of an escrowed secret. */
  readonly about: string;
  /** ISO 8601, UTC. */
  readonly firstSeen: string;
  /** ISO 8601, UTC. */
  readonly lastSeen: string;
}

const WORDS: Readonly<Record<DriftWeight, Finding["kind"]>> = { drift: "drifted", unknown: "unknown", notice: "notice" };

/** What the last refresh left in the outputs of a request. */
export function findingsOfRequest(name: string, outputs: unknown): readonly Finding[] {
  return findingsOf(outputs).map(({ kind: finding, message, state, about, firstSeen, lastSeen }) => {
    return { name, kind: WORDS[DRIFTS[finding].weight], message, finding, state, about, firstSeen, lastSeen };
  });
}

/** What is said of several requests alike stands once. */
export function driftRows(found: readonly Finding[]): readonly string[] {
  const alike = [...Map.groupBy(found, ({ kind, state, message }) => JSON.stringify([kind, state, message])).values()];
  return alike.flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const { kind, state, message } = first;
    const names = members.length > SHOWN_NAMES ? count(members.length, "request") : members.map(({ name }) => name).join(", ");
    const word = state === "resolved" ? "resolved" : kind;
    return [printable(`${word.padEnd(8)} ${names}: ${serverText(message, [], LONGEST)}${whenOf(first)}`)];
  });
}

function whenOf({ state, firstSeen, lastSeen }: Finding): string {
  switch (state) {
    case "new":
      return "";
    case "known":
      return ` (since ${minutes(firstSeen)})`;
    case "resolved":
      return ` (last seen ${minutes(lastSeen)})`;
    default:
      return assertNever(state);
  }
}

const SHOWN_NAMES = 5;
const LONGEST = 500;
