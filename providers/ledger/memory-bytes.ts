import { createHash } from "node:crypto";
import type { LedgerBytes, Stretch } from "./ledger-prefix.ts";

const NOTHING = Buffer.alloc(0);

/** The bytes of a ledger that are in memory, in pieces as they came. */
export class MemoryBytes implements LedgerBytes {
  readonly pieces: readonly Buffer[];
  /** Where each piece ends. */
  readonly #ends: Float64Array;
  readonly #digests = new Map<number, string>();

  constructor(pieces: readonly Buffer[]) {
    this.pieces = pieces;
    this.#ends = new Float64Array(pieces.length);
    let end = 0;
    for (const [place, piece] of pieces.entries()) this.#ends[place] = end += piece.length;
  }

  get length(): number {
    return this.#ends.at(-1) ?? 0;
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

  /** All of them, as one. */
  whole(): Buffer {
    return Buffer.concat(this.pieces);
  }

  /** What is in one piece with the byte at `start`, from there on. */
  piece(start: number): Buffer {
    const place = this.#pieceAt(start);
    const piece = this.pieces[place] ?? NOTHING;
    return piece.subarray(start - this.#startOf(place));
  }

  /** What lies in the stretch, in pieces: nothing is copied. */
  #within({ start, end }: Stretch): readonly Buffer[] {
    const found: Buffer[] = [];
    for (let place = this.#pieceAt(start); place < this.pieces.length; place++) {
      const piece = this.pieces[place] ?? NOTHING;
      const from = this.#startOf(place);
      if (!(from < end)) break;
      found.push(piece.subarray(Math.max(0, start - from), end - from));
    }
    return found;
  }

  #startOf(place: number): number {
    return this.#ends[place - 1] ?? 0;
  }

  /** Place of the piece that it is in: the first that ends behind it. */
  #pieceAt(start: number): number {
    let [low, high] = [0, this.pieces.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] ?? 0) > start) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
