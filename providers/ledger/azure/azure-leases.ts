import { printable } from "../../domain/diagnostic.ts";
import { LedgerBusyError } from "../../domain/errors.ts";
import { isObject } from "../../domain/json.ts";
import { everyUntil, poll } from "../../support/retry.ts";
import { DeviceLocks } from "../device-locks.ts";
import { readStretch } from "./azure-blob.ts";
import { azureFailure, StorageFailure } from "./azure-failure.ts";
import { AzureLease, deviceBlobName, LEASE_SECONDS } from "./azure-lease.ts";
import type { AzureStore } from "./azure-store.ts";

/** What locks over machines need: a store, a name to be known by, and time. */
export interface LeasesOptions {
  readonly store: AzureStore;
  readonly uuid: () => string;
  /** Who we are, for whoever finds a device busy. */
  readonly holder: string;
  /** How long somebody else may keep us waiting, in milliseconds. */
  readonly waitMs: number;
  /**
   * Runs a piece of work again and again until the function that it gives back is called. Does not
   * keep the process alive.
   */
  readonly every: (milliseconds: number, work: () => Promise<void>) => () => void;
}

const POLL_MS = 500;
const HEARTBEAT_MS = 5_000;
const RENEW_AFTER_MS = 15_000;

/**
 * The devices that this process holds: one lease each, renewed while the work on the device lasts.
 */
export class AzureLeases {
  readonly #options: LeasesOptions;
  /** Within this process, before storage is asked. */
  readonly #locks = new DeviceLocks();
  readonly #held = new Map<string, AzureLease>();
  #stopHeartbeat: (() => void) | null = null;

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  /**
   * `catchUp` reads what holders before us wrote. Throws `LedgerBusyError` when somebody else holds
   * the device for longer than we wait.
   */
  hold<T>(deviceId: string, catchUp: () => Promise<void>, work: () => Promise<T>): Promise<T> {
    return this.#locks.run(deviceId, async () => {
      const lease = await this.#acquire(deviceId);
      this.#held.set(deviceId.toLowerCase(), lease);
      this.#stopHeartbeat ??= this.#options.every(HEARTBEAT_MS, () => this.#beat());
      try {
        await catchUp();
        lease.isCaughtUp = true;
        return await work();
      } finally {
        this.#held.delete(deviceId.toLowerCase());
        if (this.#held.size === 0) this.#rest();
        await lease.release().catch(ignoreStorage);
      }
    });
  }

  /** Whether any device is held. */
  get isHolding(): boolean {
    return this.#held.size > 0;
  }

  /**
   * Why nothing may be done for a device any more that this process held; null while it surely
   * holds it, or never did.
   */
  problem(deviceId: string): LedgerBusyError | null {
    return this.#held.get(deviceId.toLowerCase())?.problem() ?? null;
  }

  /**
   * Asks storage, for somebody may have broken the lease. Throws `LedgerBusyError`, or
   * `LedgerError` when storage does not answer.
   */
  async confirm(deviceId: string): Promise<void> {
    const lease = this.#held.get(deviceId.toLowerCase());
    if (lease === undefined) throw new LedgerBusyError(`device ${deviceId} is not held by this run`);
    throwIf(lease.problem());
    try {
      await lease.renew();
    } catch (error) {
      throw azureFailure(error, "renew the lease on", `${this.#options.store.url}/${lease.blobName}`);
    }
    throwIf(lease.problem());
  }

  /**
   * Somebody else wrote a record for a device that we hold: whatever storage says, it is not ours
   * alone.
   */
  noteForeign(deviceId: string): void {
    const lease = this.#held.get(deviceId.toLowerCase());
    if (lease?.isCaughtUp) lease.lose("another run recorded something for the device");
  }

  async #acquire(deviceId: string): Promise<AzureLease> {
    const { store, uuid, holder, waitMs } = this.#options;
    const id = uuid();
    try {
      const pace = { pauses: everyUntil(POLL_MS, waitMs), clock: store.clock };
      const lease = await poll(() => AzureLease.acquire(store, deviceId, id), pace);
      if (lease === null) throw await this.#busy(deviceId);
      await lease.sign(`${JSON.stringify({ holder, since: new Date(store.clock.now()).toISOString() })}\n`).catch(ignoreStorage);
      return lease;
    } catch (error) {
      throw azureFailure(error, "take the lease on", `${store.url}/${deviceBlobName(deviceId)}`);
    }
  }

  async #busy(deviceId: string): Promise<LedgerBusyError> {
    const { store } = this.#options;
    const name = deviceBlobName(deviceId);
    return new LedgerBusyError(`device ${deviceId} is in use by ${await holderOf(store, name)} (lease on ${store.url}/${name})`, {
      hint: `wait until that run has ended, then run the command again; if it has died, its lease ends by itself within ${LEASE_SECONDS} seconds`,
    });
  }

  /** A lease keeps why it could not be renewed; the next beat asks again, until time has told. */
  async #beat(): Promise<void> {
    const due = [...this.#held.values()].filter((lease) => lease.problem() === null && lease.age >= RENEW_AFTER_MS);
    await Promise.all(due.map((lease) => lease.renew().catch(() => undefined)));
  }

  #rest(): void {
    this.#stopHeartbeat?.();
    this.#stopHeartbeat = null;
  }
}

/** In words. Who holds it is a help to the reader, not a condition. */
async function holderOf(store: AzureStore, name: string): Promise<string> {
  try {
    const size = (await readStretch(store, name, 0, 1))?.size ?? 0;
    const last = await readStretch(store, name, Math.max(0, size - NOTE_BYTES), NOTE_BYTES);
    const note: unknown = JSON.parse(last?.bytes.toString("utf8").trimEnd().split("\n").at(-1) ?? "");
    if (isObject(note) && typeof note.holder === "string") return printable(`${note.holder}, since ${String(note.since)}`);
  } catch (error) {
    if (!(error instanceof StorageFailure || error instanceof SyntaxError)) throw error;
  }
  return "another run";
}

const NOTE_BYTES = 2_048;

function ignoreStorage(error: unknown): void {
  if (!(error instanceof StorageFailure)) throw error;
}

function throwIf(problem: LedgerBusyError | null): void {
  if (problem !== null) throw problem;
}
