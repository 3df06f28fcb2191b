import { AsyncLocalStorage } from "node:async_hooks";
import { type LedgerBusyError, LedgerError } from "../../domain/errors.ts";
import type { BrakeRecord, LedgerRecord, RunRecord } from "../../domain/ledger-record.ts";
import type { ActionLedger, LedgerContents, LedgerFacts } from "../../domain/ports.ts";
import type { RequestRecord } from "../../domain/request-record.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import { Turns } from "../../support/turns.ts";
import { brakeReason, brakeRecord, missingStop, type Stop } from "../brake-stops.ts";
import { checkRecord } from "../check-record.ts";
import { CHECKPOINT_EVERY } from "../checkpoint-due.ts";
import type { Checkpoints } from "../checkpoints.ts";
import { deviceIdOf } from "../device-id-of.ts";
import { createdRecord } from "../format-version.ts";
import { CHAIN_START, formatLines } from "../ledger-line.ts";
import type { Inspected } from "../ledger-store.ts";
import { appendBlock, createBlob } from "./azure-blob.ts";
import { AzureBrake } from "./azure-brake.ts";
import { azureFailure, StorageFailure } from "./azure-failure.ts";
import { AzureLeases, type LeasesOptions } from "./azure-leases.ts";
import { CHUNK_BYTES, partName } from "./azure-parts.ts";
import { AzureStore, type StoreOptions } from "./azure-store.ts";
import { AzureView } from "./azure-view.ts";
import { AzureWriter, WRITER_LIMITS, type WriterLimits } from "./azure-writer.ts";
import { blobCheckpoints } from "./checkpoint-blobs.ts";

/** What is absent has the default of runs, and is small in tests. */
export interface AzureLedgerOptions extends StoreOptions, Omit<LeasesOptions, "store"> {
  /**
   * A missing ledger is made by the first append; elsewhere that is an error, never a fresh start.
   */
  readonly createWhenMissing: boolean;
  readonly limits?: WriterLimits;
  /** How much is read at once, in bytes. */
  readonly chunkBytes?: number;
  /** Bytes that are parsed in each run before a checkpoint passes over them. */
  readonly checkpointEvery?: number;
}

/**
 * The lines of a file ledger in append blobs of Azure Storage, shared by any number of runs at
 * once.
 *
 * Each process has a view of the ledger in memory, and writes only where that view ends: storage
 * refuses the block when anybody wrote in between. So what is asked about the view right before a
 * block (`appendUnless`) still holds when the block is there, and the view is never ahead of the
 * ledger. It may lag behind it, which matters nowhere: whoever works on a device holds its lease,
 * the view is brought up to date after the lease was had, and from then on only the holder writes
 * records of that device. Within `withDevice` reading costs no request, therefore. A record of a
 * held device from somebody else proves that the lease is not ours alone, and ends our work on the
 * device.
 */
export class AzureLedger implements ActionLedger {
  readonly #options: AzureLedgerOptions;
  readonly #store: AzureStore;
  readonly #checkpoints: Checkpoints;
  readonly #checkpointEvery: number;
  readonly #view: AzureView;
  readonly #writer: AzureWriter;
  readonly #leases: AzureLeases;
  readonly #brake: AzureBrake;
  /** The view is used by one piece of work at a time. */
  readonly #turns = new Turns();
  readonly #objections = new Turns();
  /** The device that the caller works on, within `withDevice`. */
  readonly #working = new AsyncLocalStorage<string>();
  /**
   * Numbers the calls of `#refresh` and `#proving` in one sequence: a view that began to be read
   * after a caller asked is new enough for it.
   */
  #ticks = 0;
  #askedAt = 0;
  #provenAt = 0;
  #refreshing: Promise<void> | null = null;
  #making: Promise<void> | null = null;
  #keeping: Promise<void> | null = null;

  constructor(options: AzureLedgerOptions) {
    this.#options = options;
    this.#store = new AzureStore(options);
    const { chunkBytes = CHUNK_BYTES, checkpointEvery = CHECKPOINT_EVERY } = options;
    this.#checkpoints = blobCheckpoints(this.#store, chunkBytes);
    this.#checkpointEvery = checkpointEvery;
    this.#view = new AzureView({ store: this.#store, checkpoints: this.#checkpoints, chunkBytes, least: checkpointEvery });
    this.#leases = new AzureLeases({ ...options, store: this.#store });
    this.#brake = new AzureBrake(this.#store);
    this.#writer = new AzureWriter({
      store: this.#store,
      view: this.#view,
      limits: options.limits ?? WRITER_LIMITS,
      inTurn: (work) => this.#turns.run(work),
      proving: (work) => this.#proving(work),
      onForeign: (records) => this.#noteForeign(records),
      timestamp: () => this.#now(),
    });
  }

  describe(): string {
    return `ledger in ${this.#store.url}`;
  }

  async read(): Promise<LedgerContents> {
    await this.#refresh();
    return this.#view.reading();
  }

  /** A block is there whole or not at all: nothing is ever torn. */
  async inspect(): Promise<Inspected> {
    await this.#refresh();
    const index = this.#view.exists ? await this.#mapped("read", () => this.#checkpoints.inspect()) : null;
    return { tornBytes: 0, index };
  }

  async recordsOf(key: string): Promise<readonly RequestRecord[]> {
    await this.#refreshOutsideOfWork();
    return this.#view.index.recordsOf(key);
  }

  async facts(): Promise<LedgerFacts> {
    await this.#refreshOutsideOfWork();
    return this.#view.index;
  }

  async append(record: RunRecord): Promise<void> {
    await this.#append(record, null);
  }

  async appendUnless<T>(record: RunRecord, objection: (facts: LedgerFacts) => T | null): Promise<T | null> {
    return this.#objections.run(async () => {
      let found: T | null = null;
      let broken: { readonly error: unknown } | null = null;
      await this.#append(record, (facts) => {
        try {
          found = objection(facts);
        } catch (error) {
          // Others wait for the same block: it is their records' as well.
          broken = { error };
        }
        return found !== null || broken !== null;
      });
      throwBroken(broken);
      return found;
    });
  }

  async withDevice<T>(deviceId: string, work: () => Promise<T>): Promise<T> {
    await this.#ensure();
    return this.#leases.hold(
      deviceId,
      () => this.#refresh(),
      () => this.#working.run(deviceId, work),
    );
  }

  async brake(deviceId?: string): Promise<string | null> {
    if (deviceId === undefined) return this.#readBrake();
    const [reason] = await Promise.all([this.#readBrake(), this.#leases.confirm(deviceId)]);
    const problem = this.#problem(deviceId);
    if (problem !== null) throw problem;
    return reason;
  }

  /**
   * A brake is made before its ledger: a second look tells one that is being made from one that is
   * missing.
   */
  async stops(): Promise<readonly Stop[]> {
    const stops = await this.#brake.stops();
    if (stops !== null) return stops;
    if (!this.#view.exists) await this.#refresh();
    if (!this.#view.exists) return [];
    return (await this.#brake.stops()) ?? [missingStop(this.#brake.place, this.#store.url)];
  }

  async brakes(): Promise<readonly BrakeRecord[]> {
    return this.#mapped("read", () => this.#brake.history());
  }

  /** Needs no lease: it works while runs are under way. */
  async setBrake(state: BrakeRecord["state"], who: string, reason: string, stop?: string): Promise<void> {
    await this.#refresh();
    if (!this.#view.exists) throw this.#missing();
    await this.#mapped("set the brake of", () => this.#brake.write(brakeRecord({ state, who, reason, at: this.#now() }, stop)));
  }

  /**
   * Throws `LedgerError` where there is a ledger already. Makes the container too where it is
   * missing.
   */
  async create(): Promise<void> {
    await this.#refresh();
    if (this.#view.exists || !(await this.#mapped("make", () => this.#make()))) {
      throw new LedgerError(`there is a ledger in ${this.#store.url} already`, { hint: `${this.#command("ledger show")} shows it` });
    }
  }

  /** Waits for appends under way. Leases end with the work that they were taken for. */
  async close(): Promise<void> {
    await this.#writer.idle();
    await this.#turns.idle();
  }

  async #append(record: RunRecord, isObjected: ((facts: LedgerFacts) => boolean) | null): Promise<void> {
    checkRecord(record);
    const body = JSON.stringify(record);
    const worksOn = this.#working.getStore() ?? null;
    await this.#ensure();
    const objection = () => this.#problem(worksOn) ?? this.#problem(deviceIdOf(record, this.#view.index));
    await this.#writer.append({ body, objection, isObjected });
  }

  #problem(deviceId: string | null): LedgerBusyError | null {
    return deviceId === null ? null : this.#leases.problem(deviceId);
  }

  #noteForeign(records: readonly LedgerRecord[]): void {
    if (!this.#leases.isHolding) return;
    for (const record of records) {
      const deviceId = deviceIdOf(record, this.#view.index);
      if (deviceId !== null) this.#leases.noteForeign(deviceId);
    }
  }

  async #refreshOutsideOfWork(): Promise<void> {
    if (this.#working.getStore() === undefined) await this.#refresh();
  }

  /**
   * Afterwards the view holds all that was durable when this was called. One reading, or one block
   * written, serves all who ask before it begins; so does its failure.
   */
  #refresh(): Promise<void> {
    this.#askedAt = ++this.#ticks;
    this.#refreshing ??= this.#turns.run(async () => {
      this.#refreshing = null;
      if (this.#provenAt > this.#askedAt) return;
      await this.#mapped("read", () => this.#proving(() => this.#view.catchUp((records) => this.#noteForeign(records))));
    });
    return this.#refreshing;
  }

  /**
   * Work after which the view holds all that was durable when it began: a reading, or a block that
   * went where the view ends.
   */
  async #proving<T>(work: () => Promise<T>): Promise<T> {
    const began = ++this.#ticks;
    const result = await work();
    this.#provenAt = began;
    return result;
  }

  /**
   * Before anything is written. Throws `LedgerError` when there is no ledger and none is to be
   * made.
   */
  async #ensure(): Promise<void> {
    if (!this.#view.exists) await this.#ensureThere();
    this.#keeping ??= this.#keepCheckpoint().catch((error: unknown) => {
      this.#keeping = null;
      throw error;
    });
    await this.#keeping;
  }

  /** Once in a process. Storage that does not do its part keeps no run. */
  async #keepCheckpoint(): Promise<void> {
    try {
      await this.#checkpoints.keep(this.#view.length, this.#view.index.prefix?.bytes ?? 0, this.#checkpointEvery);
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error;
    }
  }

  async #ensureThere(): Promise<void> {
    await this.#refresh();
    if (this.#view.exists) return;
    if (!this.#options.createWhenMissing) throw this.#missing();
    this.#making ??= this.#makeAnew().finally(() => {
      this.#making = null;
    });
    await this.#making;
  }

  async #makeAnew(): Promise<void> {
    await this.#mapped("make", () => this.#make());
    await this.#refresh();
  }

  /** False when somebody else made it first. */
  async #make(): Promise<boolean> {
    await this.#makeBrake();
    await createBlob(this.#store, partName(1));
    const { bytes } = formatLines(CHAIN_START, [JSON.stringify(createdRecord(this.#now()))]);
    return (await appendBlock(this.#store, partName(1), bytes, { size: 0, etag: null })) !== "moved";
  }

  /**
   * Leaves a container that is there alone: an identity that may write blobs need not be allowed to
   * make one.
   */
  async #makeBrake(): Promise<void> {
    try {
      await this.#brake.create();
    } catch (error) {
      if (!(error instanceof StorageFailure) || error.code !== "ContainerNotFound") throw error;
      await this.#store.call((container, limits) => container.createIfNotExists(limits));
      await this.#brake.create();
    }
  }

  async #readBrake(): Promise<string | null> {
    return brakeReason(await this.stops());
  }

  async #mapped<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw azureFailure(error, doing, `the ledger in ${this.#store.url}`);
    }
  }

  #command(name: string): string {
    return dlrCommand(name, undefined, ["--ledger", this.#store.url]);
  }

  #missing(): LedgerError {
    const hint = `the first time: ${this.#command("ledger init")}; if there was one before, restore it: without it nobody knows what was sent`;
    return new LedgerError(`there is no ledger in ${this.#store.url}`, { hint });
  }

  #now(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }
}

function throwBroken(broken: { readonly error: unknown } | null): void {
  if (broken !== null) throw broken.error;
}
