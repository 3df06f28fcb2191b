import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { LedgerError } from "../../domain/errors.ts";
import type { LedgerRecord } from "../../domain/ledger-record.ts";
import { OPEN_SAFELY } from "../../support/store-folder.ts";
import { systemCode } from "../../support/system-code.ts";
import { Turns } from "../../support/turns.ts";
import type { Checkpoints } from "../checkpoints.ts";
import { parseBytes } from "../ledger-bytes.ts";
import { ledgerFailure } from "../ledger-failure.ts";
import { CHAIN_START, type ChainPosition } from "../ledger-line.ts";
import { LedgerReading } from "../ledger-reading.ts";
import { RecallingIndex } from "../recalling-index.ts";
import { fileBytes } from "./file-bytes.ts";

/** How the file stood when it was last read. */
export interface FileState {
  /**
   * False while the file holds no whole line: it is missing, empty, or its very first write was
   * torn.
   */
  readonly exists: boolean;
  readonly tornBytes: number;
}

const MISSING: FileState = { exists: false, tornBytes: 0 };

/**
 * A ledger file in memory. Each byte is read and checked once; `catchUp` reads only what was added
 * since. The beginning is not parsed where a checkpoint fits it.
 */
export class FileView {
  readonly #path: string;
  readonly #checkpoints: Checkpoints;
  #index = new RecallingIndex(null);
  #note: string | null = null;
  #position: ChainPosition = CHAIN_START;
  #offset = 0;
  #file: { readonly dev: number; readonly ino: number } | null = null;
  readonly #turns = new Turns();

  constructor(path: string, checkpoints: Checkpoints) {
    this.#path = path;
    this.#checkpoints = checkpoints;
  }

  get index(): RecallingIndex {
    return this.#index;
  }

  /** The ledger as it is in memory now. */
  reading(exists: boolean): LedgerReading {
    return new LedgerReading({ exists, prefix: this.#index.prefix, later: this.#index.later(), note: this.#note });
  }

  get position(): ChainPosition {
    return this.#position;
  }

  /** Length of the sound lines read so far. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Calls wait for one another. Throws `LedgerError` for a file that cannot be read or relied on.
   */
  catchUp(): Promise<FileState> {
    return this.#turns.run(() => this.#catchUp());
  }

  /** Takes over what this process itself has appended and synced. */
  advance(records: readonly LedgerRecord[], position: ChainPosition, bytes: number): void {
    for (const record of records) this.#index.add(record);
    this.#position = position;
    this.#offset += bytes;
  }

  async #catchUp(): Promise<FileState> {
    const handle = await openOrNull(this.#path);
    if (handle === null) {
      this.#forget();
      return MISSING;
    }
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw new LedgerError(`${this.#path} is not a regular file`, { hint: "restore the ledger from a backup" });
      if (this.#wasReplaced(stats)) this.#forget();
      this.#file = { dev: stats.dev, ino: stats.ino };
      if (this.#offset === 0) await this.#passOver(handle);
      const parsed = parseBytes(await readFrom(handle, this.#offset, stats.size), this.#position, this.#path);
      this.advance(parsed.records, parsed.position, parsed.goodBytes);
      return { exists: this.#offset > 0, tornBytes: parsed.tornBytes };
    } catch (error) {
      throw ledgerFailure(error, "read", this.#path);
    } finally {
      await handle.close();
    }
  }

  /** Goes on behind the beginning that a checkpoint fits, where there is one. */
  async #passOver(handle: FileHandle): Promise<void> {
    const { prefix, note } = await this.#checkpoints.beginningOf(await fileBytes(handle, this.#path));
    this.#note = note;
    if (prefix === null) return;
    this.#index = new RecallingIndex(prefix);
    this.#position = prefix.position;
    this.#offset = prefix.bytes;
  }

  #wasReplaced(stats: Stats): boolean {
    if (this.#file === null) return false;
    return stats.dev !== this.#file.dev || stats.ino !== this.#file.ino || stats.size < this.#offset;
  }

  #forget(): void {
    this.#index = new RecallingIndex(null);
    this.#note = null;
    this.#position = CHAIN_START;
    this.#offset = 0;
    this.#file = null;
  }
}

async function openOrNull(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDONLY | OPEN_SAFELY);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw ledgerFailure(error, "open", path);
  }
}

async function readFrom(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(Math.max(0, end - start));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
