import { LedgerError } from "../domain/errors.ts";
import { buildCheckpoint } from "./build-checkpoint.ts";
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from "./checkpoint.ts";
import { isCheckpointDue } from "./checkpoint-due.ts";
import { type CheckpointPlace, type FoundCheckpoint, UNFIT } from "./checkpoint-place.ts";
import { type LedgerBytes, LedgerPrefix } from "./ledger-prefix.ts";
import type { Inspected } from "./ledger-store.ts";
import { MemoryBytes } from "./memory-bytes.ts";

/** Whose indexes these are, and where they are kept. */
export interface CheckpointsOptions {
  /** The ledger, as messages name it. */
  readonly path: string;
  readonly place: CheckpointPlace;
  /** Every byte of the ledger as it stands now. Throws as reading does. */
  readonly readAll: () => Promise<Buffer>;
}

/**
 * The beginning of a ledger that is not parsed, or why all of it is; both null without an index.
 */
export interface Beginning {
  readonly prefix: LedgerPrefix | null;
  /** For people: an index is there and could not be used. */
  readonly note: string | null;
}

/** The indexes of one ledger, wherever it lies: found, believed or not, looked into, made anew. */
export class Checkpoints {
  readonly #options: CheckpointsOptions;

  constructor(options: CheckpointsOptions) {
    this.#options = options;
  }

  /** Every byte that the index covers is hashed before a table of it is believed. */
  async beginningOf(ledger: LedgerBytes): Promise<Beginning> {
    const found = await this.#options.place.newest(ledger);
    if (found === null) return { prefix: null, note: null };
    const read = checkpointIn(found);
    if ("problem" in read) return { prefix: null, note: unused(found.name, read.problem) };
    const names = { ledger: this.#options.path, index: found.name };
    const prefix = LedgerPrefix.of(read, await ledger.digest(read.bytes), ledger, names);
    return { prefix, note: prefix === null ? unused(found.name, UNFIT) : null };
  }

  /**
   * Holds the index against the ledger in full: it is made anew, and compared byte by byte. Throws
   * `LedgerError` for one that runs would follow astray.
   */
  async inspect(): Promise<Inspected["index"]> {
    const { path, place, readAll } = this.#options;
    const ledger = await readAll();
    const found = await place.newest(new MemoryBytes([ledger]));
    if (found === null) return null;
    const read = checkpointIn(found);
    if ("problem" in read) return { problem: read.problem };
    const built = buildCheckpoint(ledger.subarray(0, read.bytes), path);
    if (built?.sha256 !== read.sha256) return { problem: UNFIT };
    if (!formatCheckpoint(built).equals(formatCheckpoint(read))) throw forged(found.name, path);
    return { lines: read.position.sequence };
  }

  /**
   * Makes an index of all there is, where `passedOver` of a ledger's `length` bytes are covered and
   * that is too little. Called before records are written only. Every line is read and checked for
   * it, and throws `LedgerError` as reading does.
   */
  async keep(length: number, passedOver: number, least: number): Promise<void> {
    if (!isCheckpointDue(length, passedOver, least)) return;
    const { path, place, readAll } = this.#options;
    const built = buildCheckpoint(await readAll(), path);
    if (built !== null) await place.put(built);
  }
}

function checkpointIn(found: NonNullable<FoundCheckpoint>): Checkpoint | { readonly problem: string } {
  return "problem" in found ? found : (parseCheckpoint(found.bytes) ?? { problem: "it is damaged, or of another version" });
}

function unused(index: string, why: string): string {
  return `the index ${index} is of no use (${why}): the whole ledger was read instead; the next run that sends makes a new one`;
}

function forged(index: string, ledger: string): LedgerError {
  return new LedgerError(`the index ${index} fits ${ledger} and leads to other records than it holds`, {
    hint: "remove the index, so that runs read every line; then find out what wrote it: none of this product's versions does",
  });
}
