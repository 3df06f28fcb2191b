import { destroysData } from "../domain/actions/action-table.ts";
import type { PlanStep } from "../domain/plan.ts";
import type { OpenSpan, Watch } from "../domain/watch.ts";
import type { Decision } from "./decide/decision.ts";

/**
 * One span from the first decision about a step to the first about another: the looks and waits in
 * between stand in it.
 */
export class StepSpans {
  readonly #watch: Watch;
  #index: number | null = null;
  #span: OpenSpan | null = null;
  #acts: readonly string[] = [];

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** Does what was decided, in the span of its step. */
  async within<T>(decision: Decision, work: () => Promise<T>): Promise<T> {
    const step = stepOf(decision);
    if (step !== null) this.#enter(step);
    if (this.#span !== null && decision.kind !== "look") this.#note(decision.kind);
    if (this.#span === null) return await work();
    try {
      return await this.#span.within(work);
    } catch (error) {
      this.end(error instanceof Error ? error.name : "Error");
      throw error;
    }
  }

  /** More than once does no harm. */
  end(error?: string): void {
    this.#span?.end(error);
    this.#span = null;
    this.#index = null;
    this.#acts = [];
  }

  #enter({ index, action }: PlanStep): void {
    if (this.#index === index) return;
    this.end();
    this.#index = index;
    this.#span = this.#watch.open("step", { step: index, action, destroysData: destroysData(action) });
  }

  #note(act: string): void {
    if (this.#acts.at(-1) !== act) this.#acts = [...this.#acts, act];
    this.#span?.note({ acts: this.#acts.join(" ") });
  }
}

function stepOf(decision: Decision): PlanStep | null {
  switch (decision.kind) {
    case "look":
    case "place":
    case "send":
    case "escrow":
    case "adopt":
    case "finishStep":
      return decision.step;
    default:
      return null;
  }
}
