import { LedgerError } from "../domain/errors.ts";
import type { LedgerRecord } from "../domain/ledger-record.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { textsIn } from "./column.ts";
import { parseBytes } from "./ledger-bytes.ts";
import { CHAIN_START, type ChainPosition, positionIn } from "./ledger-line.ts";
import { LinePlaces, type Run } from "./line-places.ts";
import { type OwnersByName, ownersByCall, ownersByDevice } from "./owners-by-name.ts";

/** A record and the number of its line. */
export interface PlacedRecord {
  readonly place: number;
  readonly record: LedgerRecord;
}

const NOTHING = Buffer.alloc(0);

/** Bytes: what stands before a record is shorter. */
const LONGEST_HEAD = 100;

/** From `start` up to before `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The bytes of a ledger, wherever they are kept. */
export interface LedgerBytes {
  /** How many there were when it was opened. */
  readonly length: number;
  /** SHA-256 of the first so many, in hexadecimal digits; of fewer where there are no more. */
  digest(length: number): Promise<string>;
  /** What lies in each stretch. Throws `LedgerError` where it is there no more. */
  read(stretches: readonly Stretch[]): readonly Buffer[];
}

/** A ledger and an index of it, as messages name them. */
export interface PrefixNames {
  readonly ledger: string;
  readonly index: string;
}

/**
 * The beginning of a ledger, every byte of which was held against a checkpoint. Its lines are
 * parsed when somebody asks for their request, and are checked again then.
 */
export class LedgerPrefix {
  readonly #checkpoint: Checkpoint;
  readonly #bytes: LedgerBytes;
  readonly #names: PrefixNames;
  readonly #lines: LinePlaces;
  readonly #keys: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  #outline: readonly LedgerRecord[] | null = null;
  #audited: readonly LedgerRecord[] | null = null;
  #byDevice: OwnersByName | null = null;
  #byCall: OwnersByName | null = null;

  /**
   * `sha256` is the digest of the bytes as they are. Null where they are not those that the
   * checkpoint was made of.
   */
  static of(checkpoint: Checkpoint, sha256: string, bytes: LedgerBytes, names: PrefixNames): LedgerPrefix | null {
    if (sha256 !== checkpoint.sha256) return null;
    const prefix = new LedgerPrefix(checkpoint, bytes, names);
    return prefix.#isConsistent() ? prefix : null;
  }

  private constructor(checkpoint: Checkpoint, bytes: LedgerBytes, names: PrefixNames) {
    this.#checkpoint = checkpoint;
    this.#bytes = bytes;
    this.#names = names;
    this.#lines = new LinePlaces(checkpoint);
    this.#keys = textsIn(checkpoint.keys, checkpoint.latest.length);
    this.#places = new Map(this.#keys.map((key, place) => [key, place]));
  }

  /** Its length. */
  get bytes(): number {
    return this.#checkpoint.bytes;
  }

  /** Where it ends. */
  get position(): ChainPosition {
    return this.#checkpoint.position;
  }

  /** Actions that Graph last answered with the wish for an approval. */
  get approvalAsked(): readonly string[] {
    return this.#checkpoint.approvalAsked;
  }

  /** Keys of requests that have a call in doubt, or that a person settled. */
  get open(): readonly string[] {
    return Array.from(this.#checkpoint.open, (place) => this.#keyAt(place));
  }

  /** Looks into Intune's audit that say what all of them say, oldest first. */
  audited(): readonly LedgerRecord[] {
    this.#audited ??= this.#recordsAt(this.#lines.audited()).map(({ record }) => record);
    return this.#audited;
  }

  /** Every other record of no request, and the first ones of any request, oldest first. */
  outline(): readonly LedgerRecord[] {
    const places = [...this.#lines.ofRuns(), ...this.#checkpoint.firsts];
    this.#outline ??= this.#recordsAt(places.sort((a, b) => a - b)).map(({ record }) => record);
    return this.#outline;
  }

  /** Oldest first. Throws `LedgerError` where the checkpoint leads to other records. */
  recordsOf(key: string): readonly PlacedRecord[] {
    const place = this.#places.get(key);
    const found = place === undefined ? [] : this.#recordsAt(this.#lines.ofRequest(place));
    if (found.some(({ record }) => !("key" in record) || record.key !== key)) throw this.#astray();
    return found;
  }

  /** Keys of the requests that began an action on a device of these names (see `identitiesOf`). */
  keysOfDevices(names: readonly string[]): readonly string[] {
    this.#byDevice ??= ownersByDevice(this.#checkpoint);
    return this.#keysOf(this.#byDevice, names);
  }

  /** Keys of the requests that made these calls, by their client request ids. */
  keysOfCalls(calls: readonly string[]): readonly string[] {
    if (calls.length === 0) return [];
    this.#byCall ??= ownersByCall(this.#checkpoint);
    return this.#keysOf(
      this.#byCall,
      calls.map((call) => call.toLowerCase()),
    );
  }

  /** Keys of the requests that began an action at the instant (milliseconds) or later, at least. */
  keysSince(instant: number): readonly string[] {
    const { latest } = this.#checkpoint;
    return this.#keys.filter((_, place) => !((latest[place] ?? Number.NaN) < instant));
  }

  /** The last of its records. Throws `LedgerError` where the checkpoint leads elsewhere. */
  last(): LedgerRecord {
    const [last] = this.#recordsAt([this.position.sequence]);
    if (last === undefined) throw this.#astray();
    return last.record;
  }

  /** Every record, oldest first. */
  all(): readonly LedgerRecord[] {
    return this.#bytes.read([{ start: 0, end: this.bytes }]).flatMap((bytes) => parseBytes(bytes, CHAIN_START, this.#names.ledger).records);
  }

  #keysOf(owners: OwnersByName, names: readonly string[]): readonly string[] {
    return names.flatMap((name) => owners.get(name) ?? []).map((place) => this.#keyAt(place));
  }

  #keyAt(place: number): string {
    const key = this.#keys[place];
    if (key === undefined) throw this.#astray();
    return key;
  }

  /** Lines that follow one another are read at once, with the line before them. */
  #recordsAt(places: readonly number[]): readonly PlacedRecord[] {
    const runs = this.#lines.runsOf(places);
    const found = this.#bytes.read(
      runs.map(({ first, last }) => ({ start: this.#lines.startOf(first - 1), end: this.#lines.endOf(last) })),
    );
    return runs.flatMap((run, place) => this.#recordsIn(run, found[place] ?? NOTHING));
  }

  #recordsIn({ first, last }: Run, bytes: Buffer): readonly PlacedRecord[] {
    const own = bytes.subarray(this.#lines.startOf(first) - this.#lines.startOf(first - 1));
    const before = first === 1 ? CHAIN_START : this.#positionOf(first - 1, bytes);
    const { records } = parseBytes(own, before, this.#names.ledger);
    if (records.length !== last - first + 1) throw this.#astray();
    return records.map((record, index) => ({ place: first + index, record }));
  }

  /** What the line at the beginning of these bytes says of itself. */
  #positionOf(place: number, bytes: Buffer): ChainPosition {
    const position = headOf(bytes);
    if (position?.sequence !== place) throw this.#astray();
    return position;
  }

  #isConsistent(): boolean {
    if (this.#places.size !== this.#checkpoint.latest.length) return false;
    const { sequence, checksum } = this.position;
    const [last = NOTHING] = this.#bytes.read([{ start: this.#lines.startOf(sequence), end: this.bytes }]);
    const said = headOf(last);
    return said?.sequence === sequence && said.checksum === checksum;
  }

  #astray(): LedgerError {
    return new LedgerError(`the index ${this.#names.index} leads to other records than ${this.#names.ledger} holds`, {
      hint: "remove the index: the ledger alone counts, and the next run reads all of it; then find out what wrote that index",
    });
  }
}

function headOf(line: Buffer): ChainPosition | null {
  return positionIn(line.toString("latin1", 0, LONGEST_HEAD));
}
