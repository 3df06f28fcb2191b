import { standingOf } from "../../providers/engine/standing.ts";
import type { KnownRequest } from "../support/known-requests.ts";
import { type Doubt, findDoubt, isSameDoubt } from "./find-doubt.ts";

/** A device of a list about which nobody can tell whether Graph took its step. */
export interface DoubtfulMember {
  readonly request: KnownRequest;
  readonly doubt: Doubt;
}

/**
 * The members that ended ambiguous. One that waits for its device's report may be settled too, but
 * only by its own name: it is in no doubt, and a decision about a list must not end it.
 */
export function doubtfulMembers(members: readonly KnownRequest[]): readonly DoubtfulMember[] {
  return members.flatMap((request) => {
    const answer = findDoubt(request.records);
    return answer.kind === "doubt" && standingOf(request.records) === "ambiguous" ? [{ request, doubt: answer.doubt }] : [];
  });
}

/** One decision is about one thing: the same action, in the same kind of doubt. */
export function isOneQuestion(doubtful: readonly DoubtfulMember[]): boolean {
  return new Set(doubtful.map(({ doubt }) => `${doubt.step.action} ${doubt.state.kind}`)).size === 1;
}

/**
 * False where the ledger went on while the person was asked: then the decision is about something
 * else.
 */
export function areSame(some: readonly DoubtfulMember[], others: readonly DoubtfulMember[]): boolean {
  const byKey = new Map(others.map(({ request, doubt }) => [request.key, doubt]));
  return some.length === others.length && some.every(({ request, doubt }) => isSameAs(doubt, byKey.get(request.key)));
}

function isSameAs(doubt: Doubt, other: Doubt | undefined): boolean {
  return other !== undefined && isSameDoubt(doubt, other);
}
