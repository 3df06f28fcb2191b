import type { Checkpoint } from "./checkpoint.ts";

/** Lines that follow one another, by the numbers of the first and the last. */
export interface Run {
  readonly first: number;
  readonly last: number;
}

/** Where the lines of a ledger's beginning are, by their numbers from 1, and whose they are. */
export class LinePlaces {
  readonly #tables: Pick<Checkpoint, "ends" | "lines" | "starts">;

  constructor(tables: Pick<Checkpoint, "ends" | "lines" | "starts">) {
    this.#tables = tables;
  }

  /** 0 for a line before the first. */
  startOf(line: number): number {
    return line < 1 ? 0 : this.endOf(line - 1);
  }

  /** Behind its newline. */
  endOf(line: number): number {
    return this.#tables.ends[line] ?? Number.NaN;
  }

  /** Lines of no request, but those of looks into Intune's audit. */
  ofRuns(): readonly number[] {
    return this.#stretch(0);
  }

  /** Lines of looks into Intune's audit that say what all of them say. */
  audited(): readonly number[] {
    return this.#stretch(1);
  }

  /** By the request's place among the keys. */
  ofRequest(place: number): readonly number[] {
    return this.#stretch(place + 3);
  }

  /** `lines` in ascending order. */
  runsOf(lines: readonly number[]): readonly Run[] {
    const runs: Run[] = [];
    for (const line of lines) {
      const last = runs.at(-1);
      if (last !== undefined && last.last === line - 1) runs[runs.length - 1] = { first: last.first, last: line };
      else runs.push({ first: line, last: line });
    }
    return runs;
  }

  #stretch(place: number): readonly number[] {
    const { lines, starts } = this.#tables;
    return [...lines.subarray(starts[place], starts[place + 1])];
  }
}
