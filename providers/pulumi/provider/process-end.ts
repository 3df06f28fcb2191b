import { processWatch } from "../../telemetry/process-watch.ts";

/**
 * How the process of a provider ends once its engine is gone: what is under way is finished, then
 * nobody is left to tell. Requests and policies are served by one process, and end it together.
 */
export class ProcessEnd {
  #underWay = 0;
  #isNear = false;

  /** Does work that the process does not end in the middle of. */
  async after<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      return await work();
    } finally {
      this.#underWay--;
      this.#endWhenIdle();
    }
  }

  /** Ends the process now, or after the last work. */
  onceIdle(): void {
    this.#isNear = true;
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    if (!this.#isNear || this.#underWay > 0) return;
    const { isOn, flush } = processWatch();
    if (isOn) void flush().finally(() => process.exit(1));
    else process.exit(1);
  }
}

/** Of this process. */
export const processEnd = new ProcessEnd();
