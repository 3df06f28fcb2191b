import { hash } from "node:crypto";
import { LedgerError } from "../../domain/errors.ts";
import type { LedgerRecord } from "../../domain/ledger-record.ts";
import { type ChainPosition, recordInLine } from "../ledger-line.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { namesOf } from "./names.ts";

/** A record and the number of its line. */
export interface PlacedRecord {
  readonly place: number;
  readonly record: LedgerRecord;
}

/**
 * The beginning of a ledger whose every byte was held against a checkpoint: its lines are parsed
 * when somebody asks for their request.
 */
export class LedgerPrefix {
  readonly #checkpoint: Checkpoint;
  readonly #bytes: Buffer;
  readonly #path: string;
  readonly #ends: Float64Array;
  readonly #linesOf: readonly number[][];
  readonly #keys: ReadonlyMap<string, number>;
  #names: ReadonlyMap<string, readonly string[]> | null = null;

  /** Null where the bytes are not those that the checkpoint was made of. */
  static of(checkpoint: Checkpoint, bytes: Buffer, path: string): LedgerPrefix | null {
    if (bytes.length !== checkpoint.bytes || hash("sha256", bytes) !== checkpoint.sha256) return null;
    const prefix = new LedgerPrefix(checkpoint, bytes, path);
    return prefix.#endsAt(checkpoint.position) ? prefix : null;
  }

  private constructor(checkpoint: Checkpoint, bytes: Buffer, path: string) {
    this.#checkpoint = checkpoint;
    this.#bytes = bytes;
    this.#path = path;
    let end = 0;
    this.#ends = Float64Array.from(checkpoint.lengths, (length) => {
      end += length;
      return end;
    });
    const lines: number[][] = Array.from({ length: checkpoint.keys.length + 1 }, () => []);
    for (const [line, owner] of checkpoint.owners.entries()) lines[owner]?.push(line + 1);
    this.#linesOf = lines;
    this.#keys = new Map(checkpoint.keys.map((key, place) => [key, place]));
  }

  /** Its length. */
  get bytes(): number {
    return this.#checkpoint.bytes;
  }

  /** Where it ends. */
  get position(): ChainPosition {
    return this.#checkpoint.position;
  }

  get approvalAsked(): readonly string[] {
    return this.#checkpoint.approvalAsked;
  }

  /** Keys of requests that have a call in doubt, or that a person settled. */
  get open(): readonly string[] {
    return Array.from(this.#checkpoint.open, (place) => this.#keyAt(place));
  }

  /** Every record of no request, oldest first. */
  ofRuns(): readonly PlacedRecord[] {
    return this.#recordsAt(this.#linesOf[0] ?? []);
  }

  /** The same with the first record of the first request, oldest first. */
  outline(): readonly LedgerRecord[] {
    const [first] = this.#linesOf[1] ?? [];
    const places = [...(this.#linesOf[0] ?? []), ...(first === undefined ? [] : [first])];
    return this.#recordsAt(places.sort((a, b) => a - b)).map(({ record }) => record);
  }

  /** Oldest first. Throws `LedgerError` where the checkpoint leads to other records. */
  recordsOf(key: string): readonly PlacedRecord[] {
    const place = this.#keys.get(key);
    const found = place === undefined ? [] : this.#recordsAt(this.#linesOf[place + 1] ?? []);
    if (found.some(({ record }) => !("key" in record) || record.key !== key)) throw this.#astray();
    return found;
  }

  /** Keys of the requests that began anything on devices, or made calls, of these names. */
  keysNamed(names: readonly string[]): readonly string[] {
    this.#names ??= this.#byName();
    return names.flatMap((name) => this.#names?.get(name) ?? []);
  }

  /** Keys of at least those requests that began an action at the instant (milliseconds) or later. */
  keysSince(instant: number): readonly string[] {
    return this.#checkpoint.keys.filter((_, place) => !((this.#checkpoint.latest[place] ?? Number.NaN) < instant));
  }

  /** Every record, oldest first. */
  all(): readonly LedgerRecord[] {
    return this.#recordsAt(Array.from(this.#ends, (_, line) => line + 1)).map(({ record }) => record);
  }

  #byName(): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    const add = (name: string, key: string) => {
      const keys = found.get(name);
      if (keys === undefined) found.set(name, [key]);
      else keys.push(key);
    };
    this.#checkpoint.names.forEach((entry, place) => {
      const key = this.#keyAt(this.#checkpoint.nameOwners[place] ?? Number.NaN);
      for (const name of namesOf(entry)) add(name, key);
    });
    return found;
  }

  #keyAt(place: number): string {
    const key = this.#checkpoint.keys[place];
    if (key === undefined) throw this.#astray();
    return key;
  }

  #recordsAt(places: readonly number[]): readonly PlacedRecord[] {
    return places.map((place) => {
      const record = recordInLine(this.#line(place), place);
      if (record === null) throw this.#astray();
      return { place, record };
    });
  }

  /** `place` counts from 1. */
  #line(place: number): string {
    const start = place === 1 ? 0 : (this.#ends[place - 2] ?? 0);
    return this.#bytes.toString("utf8", start, (this.#ends[place - 1] ?? 1) - 1);
  }

  #endsAt({ sequence, checksum }: ChainPosition): boolean {
    return this.#line(sequence).startsWith(`{"seq":${sequence},"sum":"${checksum}",`) && this.#bytes.at(-1) === 0x0a;
  }

  #astray(): LedgerError {
    return new LedgerError(`the index beside ${this.#path} does not fit it`, {
      hint: "remove the index: the ledger alone counts, and the next run reads all of it; then find out what wrote that index",
    });
  }
}
