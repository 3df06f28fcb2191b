import type { Stats } from "node:fs";
import { LedgerError } from "../domain/errors.ts";
import type { LedgerRecord } from "../domain/ledger-record.ts";
import { GroupQueue } from "./group-queue.ts";
import { ledgerFailure } from "./ledger-failure.ts";
import { type ChainPosition, formatLines } from "./ledger-line.ts";

/** The part of an open file that appending needs. */
export interface AppendFile {
  write(bytes: Buffer, offset: number, length: number): Promise<{ readonly bytesWritten: number }>;
  datasync(): Promise<void>;
  stat(): Promise<Stats>;
  close(): Promise<void>;
}

/** The open file, where its chain ends, and who is told of records that are durable. */
export interface GroupWriterOptions {
  readonly path: string;
  readonly file: AppendFile;
  readonly position: ChainPosition;
  /** Length of the file. */
  readonly offset: number;
  /** Throws when the file or the lock is no longer the one that this process opened. */
  readonly checkPlace: (expectedSize: number) => Promise<void>;
  /** Called when records are durable, in their order. */
  readonly onDurable: (records: readonly LedgerRecord[], position: ChainPosition, bytes: number) => void;
}

/**
 * Appends records: one write and one fdatasync for all that wait at the same moment. Each `append`
 * returns after its own bytes are synced. After a failure nobody can tell how the file ends, so
 * every later append is refused.
 */
export class GroupWriter {
  readonly #options: GroupWriterOptions;
  readonly #queue = new GroupQueue<string>((batch) => this.#write(batch.map(({ item }) => item)));
  #position: ChainPosition;
  #offset: number;
  #failure: unknown = null;

  constructor(options: GroupWriterOptions) {
    this.#options = options;
    this.#position = options.position;
    this.#offset = options.offset;
  }

  /** The record is taken as it is at this moment. */
  append(record: LedgerRecord): Promise<void> {
    return this.#queue.add(JSON.stringify(record));
  }

  /** Waits for the appends under way. */
  async close(): Promise<void> {
    await this.#queue.idle();
    await this.#options.file.close();
  }

  async #write(bodies: readonly string[]): Promise<void> {
    if (this.#failure !== null) throw this.#refusal();
    try {
      await this.#commit(bodies);
    } catch (error) {
      this.#failure = ledgerFailure(error, "append to", this.#options.path);
      throw this.#failure;
    }
  }

  async #commit(bodies: readonly string[]): Promise<void> {
    await this.#options.checkPlace(this.#offset);
    const { bytes, position } = formatLines(this.#position, bodies);
    await writeAll(this.#options.file, bytes);
    await this.#options.file.datasync();
    this.#position = position;
    this.#offset += bytes.length;
    const asReadBack: LedgerRecord[] = bodies.map((body) => JSON.parse(body));
    this.#options.onDurable(asReadBack, position, bytes.length);
  }

  #refusal(): LedgerError {
    const hint = "run the command again: opening the ledger anew repairs its end; what was recorded before stays";
    return new LedgerError("an earlier record could not be written, so nothing more is recorded or sent by this process", {
      hint,
      cause: this.#failure,
    });
  }
}

/**
 * A full disk may take a part before it refuses: the rest is tried, and the refusal is the error.
 */
async function writeAll(file: AppendFile, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written);
    written += bytesWritten;
  }
}
