import { LedgerError, type ProductError } from "../../domain/errors.ts";
import type { LedgerRecord } from "../../domain/ledger-record.ts";
import type { LedgerFacts } from "../../domain/ports.ts";
import { GroupQueue, type Waiting } from "../group-queue.ts";
import { formatLines } from "../ledger-line.ts";
import { appendBlock, createBlob, readStretch } from "./azure-blob.ts";
import { azureFailure } from "./azure-failure.ts";
import type { AzureStore } from "./azure-store.ts";
import type { AzureView } from "./azure-view.ts";

/** Where one block, and one part of the ledger, ends and the next begins. */
export interface WriterLimits {
  /** Of one block. Storage takes 4 MiB from every version of the protocol. */
  readonly blockBytes: number;
  /** Of one part. Storage takes 50,000. */
  readonly blocks: number;
}

/**
 * Leaves room below 50,000 blocks:
 * https://learn.microsoft.com/rest/api/storageservices/append-block
 */
export const WRITER_LIMITS: WriterLimits = { blockBytes: 4 * 1024 * 1024, blocks: 49_000 };

/**
 * One record to be written. Both questions are asked right before each try, of the ledger as it is
 * then.
 */
export interface Entry {
  /** The record as JSON. */
  readonly body: string;
  /** Why nothing may be written for its device any more. */
  readonly objection: () => ProductError | null;
  /**
   * True where it shall not be written after all, which is no failure. One entry with this question
   * waits at a time.
   */
  readonly isObjected: ((facts: LedgerFacts) => boolean) | null;
}

/** Reading and writing take turns, so that a record never goes behind an end that has moved. */
export interface WriterOptions {
  readonly store: AzureStore;
  readonly view: AzureView;
  readonly limits: WriterLimits;
  /** Nothing else uses the view meanwhile. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Runs work after which the view is known to hold all that was durable before it. */
  readonly proving: <T>(work: () => Promise<T>) => Promise<T>;
  /** What others were found to have written. */
  readonly onForeign: (records: readonly LedgerRecord[]) => void;
  readonly timestamp: () => string;
}

/**
 * Appends records: one block for all that wait at the same moment, at the place where our view of
 * the ledger ends and nowhere else. When somebody else was faster, their records are read and
 * checked first, and every question is asked anew.
 */
export class AzureWriter {
  readonly #options: WriterOptions;
  readonly #queue = new GroupQueue<Entry>((batch) => this.#options.inTurn(() => this.#write(batch)));

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Returns when the record is durable, or objected to. */
  async append(entry: Entry): Promise<void> {
    const { blockBytes } = this.#options.limits;
    if (sizeOf(entry) > blockBytes) throw new LedgerError(`a record of more than ${blockBytes} bytes fits into no ledger`);
    await this.#queue.add(entry);
  }

  idle(): Promise<void> {
    return this.#queue.idle();
  }

  async #write(batch: readonly Waiting<Entry>[]): Promise<void> {
    try {
      // An objection is asked of what is durable: nothing else of this block may stand before the
      // record that it is about.
      let rest: readonly Waiting<Entry>[] = [...batch].sort(
        (a, b) => Number(b.item.isObjected !== null) - Number(a.item.isObjected !== null),
      );
      while (rest.length > 0) {
        await this.#rollOverWhenFull();
        rest = await this.#admitted(rest);
        const first = this.#fitting(rest);
        if (first.length === 0 || !(await this.#put(first.map(({ item }) => item.body)))) continue;
        for (const waiting of first) waiting.resolve();
        rest = rest.slice(first.length);
      }
    } catch (error) {
      throw azureFailure(error, "append to", this.#place());
    }
  }

  /**
   * Answers those that are not to be written. An objection counts only to the ledger as it is now,
   * which our view may lag behind.
   */
  async #admitted(waiting: readonly Waiting<Entry>[]): Promise<readonly Waiting<Entry>[]> {
    const { view } = this.#options;
    if (waiting.some(({ item }) => item.isObjected?.(view.index))) await this.#catchUp();
    return waiting.filter(({ item, resolve, reject }) => {
      const objection = item.objection();
      if (objection !== null) reject(objection);
      else if (item.isObjected?.(view.index)) resolve();
      else return true;
      return false;
    });
  }

  /** As many as one block takes. */
  #fitting(waiting: readonly Waiting<Entry>[]): readonly Waiting<Entry>[] {
    let size = 0;
    return waiting.filter(({ item }) => {
      size += sizeOf(item);
      return size <= this.#options.limits.blockBytes;
    });
  }

  /** False when somebody else appended first; then the view has caught up. */
  #put(bodies: readonly string[]): Promise<boolean> {
    const { store, view, proving } = this.#options;
    return proving(async () => {
      const { bytes, position } = formatLines(view.position, bodies);
      const { name, end } = view.tail;
      const appended = await appendBlock(store, name, bytes, end);
      if (appended === "moved") {
        await this.#catchUp();
        return false;
      }
      const asReadBack: LedgerRecord[] = bodies.map((body) => JSON.parse(body));
      view.advance(asReadBack, position, bytes.length, appended);
      return true;
    });
  }

  #catchUp(): Promise<void> {
    return this.#options.view.catchUp(this.#options.onForeign);
  }

  /**
   * The next part is there before the full one says so: a part that is named and missing was
   * removed.
   */
  async #rollOverWhenFull(): Promise<void> {
    const { store, view, limits, timestamp } = this.#options;
    while (view.tail.blocks >= limits.blocks - 1) {
      const { next } = view.tail;
      await createBlob(store, next);
      if (await this.#isUsed(next)) continue;
      await this.#put([JSON.stringify({ kind: "continued", in: next, at: timestamp() } satisfies LedgerRecord)]);
    }
  }

  /** True when somebody else rolled over first; then the view has caught up. */
  async #isUsed(part: string): Promise<boolean> {
    const { store, view } = this.#options;
    const found = await readStretch(store, part, 0, 1);
    if (found?.size === 0) return false;
    await this.#catchUp();
    if (view.tail.next !== part) return true;
    throw new LedgerError(`${store.url}/${part} holds something, or is gone, although the part before it does not name it yet`, {
      hint: "find out what wrote it, and restore the ledger from a backup if need be",
    });
  }

  #place(): string {
    return `${this.#options.store.url}/${this.#options.view.tail.name}`;
  }
}

/** For the number, the checksum and the names in a line: never more. */
const LINE_OVERHEAD = 100;

function sizeOf({ body }: Entry): number {
  return Buffer.byteLength(body) + LINE_OVERHEAD;
}
