import { isObject, parseJson } from "../../domain/json.ts";
import { mapInPool } from "../../support/map-in-pool.ts";
import { MemoryBytes } from "../memory-bytes.ts";
import { changedBlob, readStretch, type Stretch } from "./azure-blob.ts";
import type { AzureStore } from "./azure-store.ts";

/** Blob of one part: six digits, so that names sort as numbers do. */
export function partName(number: number): string {
  return `ledger-${String(number).padStart(6, "0")}.jsonl`;
}

/** How much is read at once, in bytes: little enough for a slow line and the time of one try. */
export const CHUNK_BYTES = 4 * 1024 * 1024;

/** As many as storage answers beside one another without slowing the first. */
const AT_ONCE = 4;

/** A blob as it stood when it was first asked for, in pieces of one length and a shorter one. */
export interface WholeBlob extends Omit<Stretch, "bytes"> {
  readonly pieces: readonly Buffer[];
}

/** Null when there is no such blob. Throws `LedgerError` for one that was cut meanwhile. */
export async function readBlob(store: AzureStore, name: string, chunkBytes = CHUNK_BYTES): Promise<WholeBlob | null> {
  const first = await readStretch(store, name, 0, chunkBytes);
  if (first === null) return null;
  const { bytes, ...stood } = first;
  const starts = Array.from({ length: Math.max(0, Math.ceil(stood.size / chunkBytes) - 1) }, (_, place) => (place + 1) * chunkBytes);
  const others = await mapInPool(starts, AT_ONCE, async (start) => {
    const length = Math.min(chunkBytes, stood.size - start);
    const stretch = await readStretch(store, name, start, length);
    if (stretch?.bytes.length !== length) throw changedBlob(store, name);
    return stretch.bytes;
  });
  return { ...stood, pieces: [bytes, ...others] };
}

/** Bytes: a line that names the next part is shorter. */
const LONGEST_LAST = 512;

/** Whether the part ends in the record that names the one of this name. */
function goesOn({ pieces, size }: WholeBlob, next: string): boolean {
  const [end] = new MemoryBytes(pieces).read([{ start: Math.max(0, size - LONGEST_LAST), end: size }]);
  const line = parseJson(end?.toString("utf8").trimEnd().split("\n").at(-1) ?? "");
  return isObject(line) && isObject(line.record) && line.record.kind === "continued" && line.record.in === next;
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

  /** No further than the first where that has less than `least` bytes. */
  static async read(store: AzureStore, chunkBytes: number, least: number): Promise<LedgerParts> {
    const parts: (WholeBlob | null)[] = [];
    for (;;) {
      const part = await readBlob(store, partName(parts.length + 1), chunkBytes);
      parts.push(part);
      const isSmall = parts.length === 1 && (part?.size ?? 0) < least;
      if (part === null || isSmall || !goesOn(part, partName(parts.length + 1))) return new LedgerParts(parts);
    }
  }

  /** One after the other. */
  bytes(): MemoryBytes {
    return new MemoryBytes(this.#parts.flatMap((part) => part?.pieces ?? []));
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
    if (part === undefined || part === null) return part;
    const { pieces, ...stood } = part;
    let start = 0;
    for (const piece of pieces) {
      if (from < start + piece.length) return { ...stood, bytes: piece.subarray(from - start) };
      start += piece.length;
    }
    return { ...stood, bytes: NOTHING };
  }
}

const NOTHING = Buffer.alloc(0);
