import { isObject, parseJson } from "../../domain/json.ts";
import { MemoryBytes } from "../memory-bytes.ts";
import { type BlobState, changedBlob, readPieces, type Stretch } from "./azure-blob.ts";
import type { AzureStore } from "./azure-store.ts";

/** Blob of one part: six digits, so that names sort as numbers do. */
export function partName(number: number): string {
  return `ledger-${String(number).padStart(6, "0")}.jsonl`;
}

/** How much is read at once, in bytes: little enough for a slow line and the time of one try. */
export const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * A line that brings a chunk in less, in milliseconds, brings several at once in the time of one
 * try.
 */
const QUICK_MS = 1_000;
const AT_ONCE = 4;

/** A blob as it stood when it was first asked for, and every byte that it had then. */
export interface WholeBlob extends BlobState {
  readonly bytes: MemoryBytes;
}

/** Null when there is no such blob. Throws `LedgerError` for one that was cut meanwhile. */
export async function readBlob(store: AzureStore, name: string, chunkBytes: number): Promise<WholeBlob | null> {
  const askedAt = store.clock.now();
  const first = await readPieces(store, name, 0, chunkBytes);
  if (first === null) return null;
  const isQuick = store.clock.now() - askedAt < QUICK_MS;
  const { pieces, ...state } = first;
  let bytes = new MemoryBytes(pieces);
  while (bytes.length < state.size) {
    const length = Math.min(isQuick ? chunkBytes * AT_ONCE : chunkBytes, state.size - bytes.length);
    const more = await readPieces(store, name, bytes.length, length);
    if (more === null || more.pieces.length === 0) throw changedBlob(store, name);
    bytes = new MemoryBytes([...bytes.pieces, ...more.pieces]);
  }
  return { ...state, bytes };
}

/** Bytes: a line that names the next part is shorter. */
const LONGEST_LAST = 512;

/** Whether the part ends in a record that names the next. */
function goesOn({ bytes, size }: WholeBlob): boolean {
  const [end] = bytes.read([{ start: size - LONGEST_LAST, end: size }]);
  const line = parseJson(end?.toString("utf8").trimEnd().split("\n").at(-1) ?? "");
  return isObject(line) && isObject(line.record) && line.record.kind === "continued";
}

/** Where in the parts a place of the whole ledger is. */
export interface PlaceInParts {
  /** Of the part, from 1. */
  readonly number: number;
  readonly offset: number;
}

/**
 * The parts of a ledger as they stood, each read once and not parsed. The last may be null: the
 * part before it names it, and it is not there.
 */
export class LedgerParts {
  readonly #parts: readonly (WholeBlob | null)[];

  private constructor(parts: readonly (WholeBlob | null)[]) {
    this.#parts = parts;
  }

  static async read(store: AzureStore, chunkBytes: number): Promise<LedgerParts> {
    const parts: (WholeBlob | null)[] = [];
    for (;;) {
      const part = await readBlob(store, partName(parts.length + 1), chunkBytes);
      parts.push(part);
      if (part === null || !goesOn(part)) return new LedgerParts(parts);
    }
  }

  /** One after the other. */
  bytes(): MemoryBytes {
    return new MemoryBytes(this.#parts.flatMap((part) => part?.bytes.pieces ?? []));
  }

  /** The end of a part counts as in it. */
  placeOf(place: number): PlaceInParts {
    let [number, offset] = [1, place];
    for (const part of this.#parts) {
      if (part === null || offset <= part.size) break;
      offset -= part.size;
      number += 1;
    }
    return { number, offset };
  }

  /** A part from there on, or a stretch of that; undefined for a part that was not read. */
  stretch(number: number, from: number): Stretch | null | undefined {
    const part = this.#parts[number - 1];
    return part === undefined || part === null ? part : { ...part, bytes: part.bytes.piece(from) };
  }
}
