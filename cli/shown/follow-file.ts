import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { systemCode } from "../../providers/support/system-code.ts";

const CHUNK = 256 * 1024;

/** Lines that other processes append to a file, each given once. */
export class FollowedFile {
  readonly #file: string;
  readonly #decoder = new StringDecoder("utf8");
  #offset = 0;
  #rest = "";

  /** The file may not be there yet. */
  constructor(file: string) {
    this.#file = file;
  }

  /** Whole lines that came since the last call; empty ones are left out. */
  read(): readonly string[] {
    const text = this.#rest + this.#newText();
    const lines = text.split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.filter((line) => line !== "");
  }

  #newText(): string {
    let descriptor: number;
    try {
      descriptor = openSync(this.#file, "r");
    } catch (error) {
      if (systemCode(error) === "ENOENT") return "";
      throw error;
    }
    try {
      const parts: string[] = [];
      const chunk = Buffer.alloc(CHUNK);
      for (;;) {
        const size = readSync(descriptor, chunk, 0, CHUNK, this.#offset);
        if (size === 0) return parts.join("");
        this.#offset += size;
        parts.push(this.#decoder.write(chunk.subarray(0, size)));
      }
    } finally {
      closeSync(descriptor);
    }
  }
}
