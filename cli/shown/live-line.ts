import { clearLine, cursorTo } from "node:readline";
import type { WriteStream } from "node:tty";
import { cutTo } from "../support/table.ts";

/** How often a log gets a line, in milliseconds; a terminal is kept up to date. */
const LOG_EVERY_MS = 10_000;

/**
 * One line that says how far things are: written over on a terminal, and a plain line every ten
 * seconds elsewhere.
 */
export class LiveLine {
  readonly #stream: NodeJS.WritableStream & Partial<Pick<WriteStream, "columns">>;
  readonly #isTerminal: boolean;
  #shown = "";
  #loggedAt: number | null = null;

  /** `isTerminal`: the last line of the stream may be written over. */
  constructor(stream: NodeJS.WritableStream, isTerminal: boolean) {
    this.#stream = stream;
    this.#isTerminal = isTerminal;
  }

  /** `now` in milliseconds; the first call begins the ten seconds. */
  show(text: string, now: number): void {
    if (this.#isTerminal) this.#redraw(cutTo(text, (this.#stream.columns ?? 80) - 1));
    else this.#log(text, now);
  }

  #log(text: string, now: number): void {
    this.#loggedAt ??= now;
    if (now - this.#loggedAt < LOG_EVERY_MS) return;
    this.#loggedAt = now;
    this.#stream.write(`${text}\n`);
  }

  /** Takes the line away, for what stays. */
  clear(): void {
    if (this.#isTerminal && this.#shown !== "") this.#redraw("");
    this.#loggedAt = null;
  }

  #redraw(text: string): void {
    if (text === this.#shown) return;
    cursorTo(this.#stream, 0);
    clearLine(this.#stream, 0);
    this.#stream.write(text);
    this.#shown = text;
  }
}
