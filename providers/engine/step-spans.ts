import { destroysData } from "../domain/actions/action-table.ts";
import type { PlanStep } from "../domain/plan.ts";
import type { OpenSpan, Watch } from "../domain/watch.ts";
import type { Decision } from "./decide/decision.ts";

/** One span per step, from the first decision about it to the one that closes it, or the last. */
export class StepSpans {
  readonly #watch: Watch;
  readonly #open = new Map<number, StepSpan>();

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** Does what was decided, in the span of its step. */
  async within<T>(decision: Decision, work: () => Promise<T>): Promise<T> {
    const step = stepOf(decision);
    if (step === null) return await work();
    const { span, acts } = this.#of(step);
    if (decision.kind !== "look" && acts.at(-1) !== decision.kind) acts.push(decision.kind);
    span.note({ acts: acts.join(" ") });
    const result = await span.within(work);
    if (decision.kind === "finishStep") this.#close(step.index);
    return result;
  }

  /** Closes what is open; more than once does no harm. */
  end(): void {
    for (const index of this.#open.keys()) this.#close(index);
  }

  #of({ index, action }: PlanStep): StepSpan {
    const open = this.#open.get(index) ?? {
      span: this.#watch.open("step", { step: index, action, destroysData: destroysData(action) }),
      acts: [],
    };
    this.#open.set(index, open);
    return open;
  }

  #close(index: number): void {
    this.#open.get(index)?.span.end();
    this.#open.delete(index);
  }
}

interface StepSpan {
  readonly span: OpenSpan;
  readonly acts: string[];
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
