import { createHash } from "node:crypto";
import type { LedgerBytes, Stretch } from "./ledger-prefix.ts";

const NOTHING = Buffer.alloc(0);

/** The bytes of a ledger that are in memory, in pieces as they came. */
export class MemoryBytes implements LedgerBytes {
  readonly #pieces: readonly Buffer[];
  readonly length: number;
  readonly #digests = new Map<number, string>();

  constructor(pieces: readonly Buffer[]) {
    this.#pieces = pieces;
    this.length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  async digest(length: number): Promise<string> {
    const known = this.#digests.get(length);
    if (known !== undefined) return known;
    const digest = createHash("sha256");
    for (const bytes of this.#within({ start: 0, end: length })) digest.update(bytes);
    const text = digest.digest("hex");
    this.#digests.set(length, text);
    return text;
  }

  read(stretches: readonly Stretch[]): readonly Buffer[] {
    return stretches.map((stretch) => {
      const found = this.#within(stretch);
      const [only = NOTHING, ...more] = found;
      return more.length === 0 ? only : Buffer.concat(found);
    });
  }

  #within({ start, end }: Stretch): readonly Buffer[] {
    const found: Buffer[] = [];
    let from = 0;
    for (const piece of this.#pieces) {
      const bytes = piece.subarray(Math.max(0, start - from), Math.max(0, end - from));
      if (bytes.length > 0) found.push(bytes);
      from += piece.length;
    }
    return found;
  }
}
