import type { BrakeRecord } from "../../domain/ledger-record.ts";
import { parseBrakes } from "../brake-lines.ts";
import { linesFor, type Stop, stopsIn, unreadableStop } from "../brake-stops.ts";
import { appendBlock, createBlob, readStretch } from "./azure-blob.ts";
import { StorageFailure } from "./azure-failure.ts";
import type { AzureStore } from "./azure-store.ts";

const NAME = "brake.jsonl";
const MAX_BYTES = 4 * 1024 * 1024;

/** A reading under way serves those who ask while it is younger than this, in milliseconds. */
const SHARED_MS = 1_000;

/**
 * The brake has a blob of its own beside the ledger's: it is made with the ledger, and can be set
 * while runs are under way.
 */
export class AzureBrake {
  readonly #store: AzureStore;
  #reading: { readonly since: number; readonly text: Promise<string | null> } | null = null;

  constructor(store: AzureStore) {
    this.#store = store;
  }

  get place(): string {
    return `${this.#store.url}/${NAME}`;
  }

  async create(): Promise<void> {
    await createBlob(this.#store, NAME);
  }

  /**
   * The stops in force; null when there is no such blob. One that cannot be read counts as a stop.
   */
  async stops(): Promise<readonly Stop[] | null> {
    try {
      const text = await this.#sharedText();
      return text === null ? null : stopsIn(text, this.place);
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error;
      return [unreadableStop(this.place, error.code)];
    }
  }

  /** Every change that can be read, oldest first. */
  async history(): Promise<readonly BrakeRecord[]> {
    return parseBrakes((await this.#text()) ?? "");
  }

  /** Durable, and there once, when it returns. */
  async write(record: BrakeRecord): Promise<void> {
    let wasMissing = false;
    for (;;) {
      const found = await readStretch(this.#store, NAME, 0, MAX_BYTES);
      if (found === null) wasMissing = await createBlob(this.#store, NAME);
      else if ((await appendBlock(this.#store, NAME, blockFor(found.bytes, wasMissing, record), found)) !== "moved") return;
    }
  }

  /** Never what was read before: only what is being read now, and was not asked for long ago. */
  async #sharedText(): Promise<string | null> {
    const now = this.#store.clock.now();
    if (this.#reading !== null && Math.abs(now - this.#reading.since) < SHARED_MS) return this.#reading.text;
    const reading = { since: now, text: this.#text() };
    this.#reading = reading;
    try {
      return await reading.text;
    } finally {
      if (this.#reading === reading) this.#reading = null;
    }
  }

  async #text(): Promise<string | null> {
    const found = await readStretch(this.#store, NAME, 0, MAX_BYTES);
    if (found === null) return null;
    return found.bytes.length === found.size ? found.bytes.toString("utf8") : "too long to be one of ours";
  }
}

/** A blob that was made a moment ago is no brake that was there. */
function blockFor(found: Buffer, wasMissing: boolean, record: BrakeRecord): Buffer {
  return Buffer.from(linesFor(wasMissing && found.length === 0 ? null : found.toString("utf8"), record));
}
