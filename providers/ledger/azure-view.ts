import { LedgerError } from "../domain/errors.ts";
import type { LedgerRecord } from "../domain/ledger-record.ts";
import { type Appended, type BlobEnd, readStretch } from "./azure-blob.ts";
import type { AzureStore } from "./azure-store.ts";
import { parseBytes } from "./ledger-bytes.ts";
import { LedgerIndex } from "./ledger-index.ts";
import { CHAIN_START, type ChainPosition } from "./ledger-line.ts";

const CHUNK_BYTES = 4 * 1024 * 1024;

export function partName(number: number): string {
  return `ledger-${String(number).padStart(6, "0")}.jsonl`;
}

/**
 * A ledger in memory. It lies in parts, each an append blob, because storage bounds the number of blocks in one; a part that is full
 * ends in a record that names the next. Each line is read and checked once. Its calls must not overlap.
 */
export class AzureView {
  readonly #store: AzureStore;
  readonly #chunkBytes: number;
  readonly index = new LedgerIndex();
  #position: ChainPosition = CHAIN_START;
  #part = 1;
  #end: BlobEnd = { size: 0, etag: null };
  #blocks = 0;

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

  /** Reads what was added since, and gives it. Throws `LedgerError` for a ledger that cannot be relied on. */
  async catchUp(): Promise<readonly LedgerRecord[]> {
    const news: LedgerRecord[] = [];
    for (let part = 0; part !== this.#part; ) {
      part = this.#part;
      news.push(...(await this.#readPart()));
    }
    return news;
  }

  /** Takes over what this process itself has appended. */
  advance(records: readonly LedgerRecord[], position: ChainPosition, bytes: number, appended: Appended): void {
    this.#add(records, position, bytes);
    this.#end = { size: this.#end.size, etag: appended.etag };
    this.#blocks = appended.blocks;
    this.#goOn(records);
  }

  /** The part to its end, in stretches. */
  async #readPart(): Promise<readonly LedgerRecord[]> {
    const name = partName(this.#part);
    const news: LedgerRecord[] = [];
    let rest = Buffer.alloc(0);
    for (;;) {
      const stretch = await readStretch(this.#store, name, this.#end.size + rest.length, this.#chunkBytes);
      if (stretch === null) return this.#missing(name);
      const bytes = Buffer.concat([rest, stretch.bytes]);
      const parsed = parseBytes(bytes, this.#position, `${this.#store.url}/${name}`);
      this.#add(parsed.records, parsed.position, parsed.goodBytes);
      news.push(...parsed.records);
      rest = bytes.subarray(parsed.goodBytes);
      if (this.#end.size + rest.length < stretch.size) continue;
      if (rest.length > 0) throw this.#unsound(name, "it ends in the middle of a line");
      this.#end = { size: this.#end.size, etag: stretch.etag };
      this.#blocks = stretch.blocks;
      this.#goOn(news);
      return news;
    }
  }

  #add(records: readonly LedgerRecord[], position: ChainPosition, bytes: number): void {
    for (const record of records) this.index.add(record);
    this.#position = position;
    this.#end = { size: this.#end.size + bytes, etag: null };
  }

  /** To the next part, where the one that was read to its end says so. */
  #goOn(records: readonly LedgerRecord[]): void {
    const place = records.findIndex((record) => record.kind === "continued");
    const record = records[place];
    if (record?.kind !== "continued") return;
    const { name, next } = this.tail;
    if (place !== records.length - 1 || record.in !== next) throw this.#unsound(name, "it goes on in another part than the next");
    this.#part += 1;
    this.#end = { size: 0, etag: null };
    this.#blocks = 0;
  }

  #missing(name: string): readonly LedgerRecord[] {
    if (!this.exists) return [];
    throw new LedgerError(`${this.#store.url}/${name}, a part of the ledger, is not there any more`, {
      hint: "restore it (`az storage blob undelete`, or from a backup); nothing is sent meanwhile, because nobody can tell what was",
    });
  }

  #unsound(name: string, why: string): LedgerError {
    return new LedgerError(`${this.#store.url}/${name} cannot be relied on: ${why}`, {
      hint: "restore the ledger from a backup; nothing is sent meanwhile, because nobody can tell what was",
    });
  }
}
