import { LedgerError } from "../../domain/errors.ts";
import type { LedgerRecord } from "../../domain/ledger-record.ts";
import { parseBytes } from "../ledger-bytes.ts";
import { LedgerIndex } from "../ledger-index.ts";
import { CHAIN_START, type ChainPosition } from "../ledger-line.ts";
import { type Appended, type BlobEnd, readStretch } from "./azure-blob.ts";
import type { AzureStore } from "./azure-store.ts";

const CHUNK_BYTES = 4 * 1024 * 1024;

/** Blob of one part: six digits, so that names sort as numbers do. */
export function partName(number: number): string {
  return `ledger-${String(number).padStart(6, "0")}.jsonl`;
}

/**
 * A ledger in memory. It lies in parts, each an append blob, because storage bounds the number of
 * blocks in one; a part that is full ends in a record that names the next. Each line is read and
 * checked once. Its calls must not overlap.
 */
export class AzureView {
  readonly #store: AzureStore;
  readonly #chunkBytes: number;
  readonly index = new LedgerIndex();
  #position: ChainPosition = CHAIN_START;
  #part = 1;
  #end: BlobEnd = { size: 0, etag: null };
  #blocks = 0;
  /** The part that the last line names, where it does. */
  #goesOnIn: string | null = null;

  constructor(store: AzureStore, chunkBytes = CHUNK_BYTES) {
    this.#store = store;
    this.#chunkBytes = chunkBytes;
  }

  /** False while no whole line was ever read: the ledger is missing, or was about to be made. */
  get exists(): boolean {
    return this.#position.sequence > 0;
  }

  get position(): ChainPosition {
    return this.#position;
  }

  /** The part that is appended to, where it ends, and how many blocks are in it. */
  get tail(): { readonly name: string; readonly next: string; readonly end: BlobEnd; readonly blocks: number } {
    return { name: partName(this.#part), next: partName(this.#part + 1), end: this.#end, blocks: this.#blocks };
  }

  /**
   * Reads what was added since, and hands it on as it comes. Throws `LedgerError` for a ledger that
   * cannot be relied on.
   */
  async catchUp(onNews: (records: readonly LedgerRecord[]) => void): Promise<void> {
    for (let part = 0; part !== this.#part; ) {
      part = this.#part;
      await this.#readPart(onNews);
    }
  }

  /** Takes over what this process itself has appended. */
  advance(records: readonly LedgerRecord[], position: ChainPosition, bytes: number, appended: Appended): void {
    this.#add(records, position, bytes);
    this.#close(appended.etag, appended.blocks);
  }

  /** The part to its end, in stretches. */
  async #readPart(onNews: (records: readonly LedgerRecord[]) => void): Promise<void> {
    const { name } = this.tail;
    let rest = Buffer.alloc(0);
    for (;;) {
      const stretch = await readStretch(this.#store, name, this.#end.size + rest.length, this.#chunkBytes);
      if (stretch === null) return this.#missing(name);
      const bytes = Buffer.concat([rest, stretch.bytes]);
      const parsed = parseBytes(bytes, this.#position, `${this.#store.url}/${name}`);
      this.#add(parsed.records, parsed.position, parsed.goodBytes);
      onNews(parsed.records);
      rest = bytes.subarray(parsed.goodBytes);
      if (this.#end.size + rest.length < stretch.size) continue;
      if (rest.length > 0) throw this.#unsound("it ends in the middle of a line");
      return this.#close(stretch.etag, stretch.blocks);
    }
  }

  #add(records: readonly LedgerRecord[], position: ChainPosition, bytes: number): void {
    for (const record of records) {
      if (this.#goesOnIn !== null) throw this.#unsound("something follows the record that names the next part");
      this.index.add(record);
      if (record.kind === "continued") this.#goesOnIn = record.in;
    }
    this.#position = position;
    this.#end = { size: this.#end.size + bytes, etag: null };
  }

  /**
   * At the end of a part; what is known of it counts until something is added, and the next part
   * begins where this one says so.
   */
  #close(etag: string | null, blocks: number): void {
    this.#end = { size: this.#end.size, etag };
    this.#blocks = blocks;
    if (this.#goesOnIn === null) return;
    if (this.#goesOnIn !== this.tail.next) throw this.#unsound("it goes on in another part than the next");
    this.#goesOnIn = null;
    this.#part += 1;
    this.#end = { size: 0, etag: null };
    this.#blocks = 0;
  }

  #missing(name: string): void {
    if (!this.exists) return;
    throw new LedgerError(`${this.#store.url}/${name}, a part of the ledger, is not there any more`, {
      hint: "restore it (`az storage blob undelete`, or from a backup); nothing is sent meanwhile, because nobody can tell what was",
    });
  }

  #unsound(why: string): LedgerError {
    return new LedgerError(`${this.#store.url}/${this.tail.name} cannot be relied on: ${why}`, {
      hint: "restore the ledger from a backup; nothing is sent meanwhile, because nobody can tell what was",
    });
  }
}
