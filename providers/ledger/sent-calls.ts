import type { IntentRecord } from "../domain/step-record.ts";
import { isSince } from "./first-harms.ts";

type Call = Pick<IntentRecord, "key" | "step" | "attempt" | "action" | "at">;

/** The calls of each action that Graph took, or may have taken. */
export class SentCalls {
  readonly #calls = new Map<string, Call[]>();

  add({ key, step, attempt, action, at }: Call): void {
    const calls = this.#calls.get(action);
    if (calls === undefined) this.#calls.set(action, [{ key, step, attempt, action, at }]);
    else calls.push({ key, step, attempt, action, at });
  }

  /** One call that surely was not taken: Graph counts it against nothing. */
  forget({ key, step, attempt, action }: Call): void {
    const calls = this.#calls.get(action) ?? [];
    const place = calls.findLastIndex((call) => call.key === key && call.step === step && call.attempt === attempt);
    if (place !== -1) calls.splice(place, 1);
  }

  since(action: string, instant: number): number {
    return (this.#calls.get(action) ?? []).filter(({ at }) => isSince(at, instant)).length;
  }
}
