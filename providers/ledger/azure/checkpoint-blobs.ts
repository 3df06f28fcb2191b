import { ProductError } from "../../domain/errors.ts";
import { CHECKPOINT_FORMAT, type Checkpoint, formatCheckpoint } from "../checkpoint.ts";
import { type CheckpointPlace, type FoundCheckpoint, UNFIT } from "../checkpoint-place.ts";
import { Checkpoints } from "../checkpoints.ts";
import type { LedgerBytes } from "../ledger-prefix.ts";
import { type ListedBlob, listBlobs, putBlob } from "./azure-blob.ts";
import { StorageFailure } from "./azure-failure.ts";
import { LedgerParts, readBlob } from "./azure-parts.ts";
import type { AzureStore } from "./azure-store.ts";

/** The indexes of a ledger in append blobs, beside it in its container. */
export function blobCheckpoints(store: AzureStore, chunkBytes: number): Checkpoints {
  const place = new CheckpointBlobs(store, chunkBytes);
  const readAll = async () => (await LedgerParts.read(store, chunkBytes)).bytes().whole();
  return new Checkpoints({ path: store.url, place, readAll });
}

/** Those of another format are under another name, and nobody else's matter. */
const FOLDER = `ledger.index/${CHECKPOINT_FORMAT}/`;

/**
 * A policy may keep any of them for years: the length counts down, so that the newest come first.
 */
const COUNTS_FROM = 999_999_999_999_999;
const NAME = /^([0-9]{15})-([0-9a-f]{16})$/;
const DIGITS_OF_DIGEST = 16;

/**
 * After a copy of another time was restored, those that came of the ledger as it was are there too.
 */
const COMPARED = 4;

/** An index is shorter than the ledger; of a short one, not by much. */
const ROOM_BYTES = 64 * 1024;

interface NamedBlob extends ListedBlob {
  /** How many bytes of a ledger it covers, and how their SHA-256 begins. */
  readonly covers: number;
  readonly digest: string;
}

/**
 * Each index is a blob of its own that nothing ever changes or removes: an immutability policy may
 * forbid both. What it is of stands in its name, and is held against the ledger before it is read.
 */
class CheckpointBlobs implements CheckpointPlace {
  readonly #store: AzureStore;
  readonly #chunkBytes: number;

  constructor(store: AzureStore, chunkBytes: number) {
    this.#store = store;
    this.#chunkBytes = chunkBytes;
  }

  async newest(ledger: LedgerBytes): Promise<FoundCheckpoint> {
    const isWanted = ({ covers }: NamedBlob) => covers <= ledger.length;
    try {
      const blobs = (await listBlobs(this.#store, FOLDER, (blob) => named(blob).some(isWanted))).flatMap(named);
      for (const blob of blobs.filter(isWanted).slice(0, COMPARED)) {
        if ((await ledger.digest(blob.covers)).startsWith(blob.digest)) return await this.#read(blob, ledger.length);
      }
      const [first] = blobs;
      return first === undefined ? null : { name: this.#nameOf(first), problem: UNFIT };
    } catch (error) {
      return { name: `${this.#store.url}/${FOLDER}`, problem: problemOf(error) };
    }
  }

  async put(checkpoint: Checkpoint): Promise<void> {
    const number = String(COUNTS_FROM - checkpoint.bytes).padStart(15, "0");
    const name = `${FOLDER}${number}-${checkpoint.sha256.slice(0, DIGITS_OF_DIGEST)}`;
    try {
      await putBlob(this.#store, name, formatCheckpoint(checkpoint));
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error;
    }
  }

  async #read(blob: NamedBlob, ledgerBytes: number): Promise<FoundCheckpoint> {
    const name = this.#nameOf(blob);
    if (blob.size > ledgerBytes + ROOM_BYTES) return { name, problem: "it is longer than the ledger" };
    const read = await readBlob(this.#store, blob.name, this.#chunkBytes);
    return { name, ...(read === null ? { problem: "it was removed" } : { bytes: read.bytes.whole() }) };
  }

  #nameOf({ name }: ListedBlob): string {
    return `${this.#store.url}/${name}`;
  }
}

function named(blob: ListedBlob): readonly NamedBlob[] {
  const [, number, digest] = NAME.exec(blob.name.slice(FOLDER.length)) ?? [];
  return number === undefined || digest === undefined ? [] : [{ ...blob, covers: COUNTS_FROM - Number(number), digest }];
}

function problemOf(error: unknown): string {
  if (error instanceof StorageFailure) return error.code;
  if (error instanceof ProductError) return error.message;
  throw error;
}
