import { LedgerError } from "../../domain/errors.ts";
import type { LedgerRecord } from "../../domain/ledger-record.ts";
import type { Checkpoints } from "../checkpoints.ts";
import { parseBytes } from "../ledger-bytes.ts";
import { CHAIN_START, type ChainPosition } from "../ledger-line.ts";
import type { LedgerPrefix } from "../ledger-prefix.ts";
import { LedgerReading } from "../ledger-reading.ts";
import { RecallingIndex } from "../recalling-index.ts";
import { type Appended, type BlobEnd, readStretch, type Stretch } from "./azure-blob.ts";
import { LedgerParts, partName } from "./azure-parts.ts";
import type { AzureStore } from "./azure-store.ts";

/** What a view reads, and how. */
export interface ViewOptions {
  readonly store: AzureStore;
  readonly checkpoints: Checkpoints;
  /** How much is read at once, in bytes. */
  readonly chunkBytes: number;
  /** No index is looked for where the ledger has less, in bytes. */
  readonly least: number;
}

/**
 * A ledger in memory. It lies in parts, each an append blob, because storage bounds the number of
 * blocks in one; a part that is full ends in a record that names the next. Each byte is read and
 * checked once. The beginning is not parsed where an index fits it. Its calls must not overlap.
 */
export class AzureView {
  readonly #options: ViewOptions;
  #index = new RecallingIndex(null);
  #note: string | null = null;
  #position: ChainPosition = CHAIN_START;
  #part = 1;
  /** Bytes of the parts before. */
  #before = 0;
  #end: BlobEnd = { size: 0, etag: null };
  #blocks = 0;
  /** The part that the last line names, where it does. */
  #goesOnIn: string | null = null;
  /** Read already, while the ledger is read for the first time. */
  #ahead: LedgerParts | null = null;

  constructor(options: ViewOptions) {
    this.#options = options;
  }

  get index(): RecallingIndex {
    return this.#index;
  }

  /** The ledger as it is in memory now. */
  reading(): LedgerReading {
    return new LedgerReading({ exists: this.exists, prefix: this.#index.prefix, later: this.#index.later(), note: this.#note });
  }

  /** False while no whole line was ever read: the ledger is missing, or was about to be made. */
  get exists(): boolean {
    return this.#position.sequence > 0;
  }

  get position(): ChainPosition {
    return this.#position;
  }

  /** Length of all parts, in bytes. */
  get length(): number {
    return this.#before + this.#end.size;
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
    try {
      if (!this.exists) await this.#passOver();
      for (let part = 0; part !== this.#part; ) {
        part = this.#part;
        await this.#readPart(onNews);
      }
    } finally {
      this.#ahead = null;
    }
  }

  /** Takes over what this process itself has appended. */
  advance(records: readonly LedgerRecord[], position: ChainPosition, bytes: number, appended: Appended): void {
    this.#add(records, position, bytes);
    this.#close(appended.etag, appended.blocks);
  }

  /** Goes on behind the beginning that an index fits, where there is one. */
  async #passOver(): Promise<void> {
    const { store, checkpoints, chunkBytes, least } = this.#options;
    this.#ahead = await LedgerParts.read(store, chunkBytes);
    const bytes = this.#ahead.bytes();
    if (bytes.length < least) return;
    const { prefix, note } = await checkpoints.beginningOf(bytes);
    this.#note = note;
    if (prefix !== null) this.#goOnBehind(prefix, this.#ahead);
  }

  #goOnBehind(prefix: LedgerPrefix, parts: LedgerParts): void {
    const { number, offset } = parts.placeOf(prefix.bytes);
    const last = prefix.last();
    this.#index = new RecallingIndex(prefix);
    this.#position = prefix.position;
    this.#part = number;
    this.#before = prefix.bytes - offset;
    this.#end = { size: offset, etag: null };
    this.#goesOnIn = last.kind === "continued" ? last.in : null;
  }

  /** The part to its end, in stretches. */
  async #readPart(onNews: (records: readonly LedgerRecord[]) => void): Promise<void> {
    const { name } = this.tail;
    let rest = Buffer.alloc(0);
    for (;;) {
      const stretch = await this.#stretch(name, this.#end.size + rest.length);
      if (stretch === null) return this.#missing(name);
      const bytes = Buffer.concat([rest, stretch.bytes]);
      const parsed = parseBytes(bytes, this.#position, `${this.#options.store.url}/${name}`);
      this.#add(parsed.records, parsed.position, parsed.goodBytes);
      onNews(parsed.records);
      rest = bytes.subarray(parsed.goodBytes);
      if (this.#end.size + rest.length < stretch.size) continue;
      if (rest.length > 0) throw this.#unsound("it ends in the middle of a line");
      return this.#close(stretch.etag, stretch.blocks);
    }
  }

  async #stretch(name: string, from: number): Promise<Stretch | null> {
    const { store, chunkBytes } = this.#options;
    const ahead = this.#ahead?.stretch(this.#part, from);
    return ahead === undefined ? readStretch(store, name, from, chunkBytes) : ahead;
  }

  #add(records: readonly LedgerRecord[], position: ChainPosition, bytes: number): void {
    for (const record of records) {
      if (this.#goesOnIn !== null) throw this.#unsound("something follows the record that names the next part");
      this.#index.add(record);
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
    this.#before += this.#end.size;
    this.#end = { size: 0, etag: null };
    this.#blocks = 0;
  }

  #missing(name: string): void {
    if (!this.exists) return;
    throw new LedgerError(`${this.#options.store.url}/${name}, a part of the ledger, is not there any more`, {
      hint: "restore it (`az storage blob undelete`, or from a backup); nothing is sent meanwhile, because nobody can tell what was",
    });
  }

  #unsound(why: string): LedgerError {
    return new LedgerError(`${this.#options.store.url}/${this.tail.name} cannot be relied on: ${why}`, {
      hint: "restore the ledger from a backup; nothing is sent meanwhile, because nobody can tell what was",
    });
  }
}
