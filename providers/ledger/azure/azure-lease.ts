import { hash } from "node:crypto";
import type { BlobLeaseClient, ContainerClient } from "@azure/storage-blob";
import { LedgerBusyError } from "../../domain/errors.ts";
import { createBlob } from "./azure-blob.ts";
import { StorageFailure } from "./azure-failure.ts";
import type { AzureStore } from "./azure-store.ts";

/** Storage ends a lease that is not renewed for so long: a holder who died lets go by himself. */
export const LEASE_SECONDS = 60;

/**
 * Longer ago than this, in milliseconds, and we do not count on it: clocks differ, and what is sent
 * takes its time on the way.
 */
const SURE_MS = 45_000;

/** A clock that is put right by less is no news. */
const SET_BACK_MS = 1_000;

const RENEWAL_TIMEOUT_MS = 10_000;

/** Names of devices are Graph's and may hold anything; the spelling of an id does not matter. */
export function deviceBlobName(deviceId: string): string {
  return `devices/${hash("sha256", deviceId.toLowerCase()).slice(0, 32)}`;
}

/**
 * A lease on the blob of one device. It is ours as long as storage renews it for us; once that is
 * not sure any more it never is again: somebody else may have begun.
 */
export class AzureLease {
  readonly deviceId: string;
  /**
   * From now on every record of the device is ours: what the holder before us wrote has been read.
   */
  isCaughtUp = false;
  readonly #store: AzureStore;
  readonly #id: string;
  /** When the request was sent that last made it ours, by our clock. */
  #renewedAt: number;
  #lost: string | null = null;
  /** What came of the last try to renew it, where that failed. */
  #failure: string | null = null;

  private constructor(store: AzureStore, deviceId: string, id: string, renewedAt: number) {
    this.#store = store;
    this.deviceId = deviceId;
    this.#id = id;
    this.#renewedAt = renewedAt;
  }

  /**
   * Null while somebody else has it. The same id makes a second try of a request whose answer was
   * lost succeed.
   */
  static async acquire(store: AzureStore, deviceId: string, id: string): Promise<AzureLease | null> {
    const name = deviceBlobName(deviceId);
    for (;;) {
      const sentAt = store.clock.now();
      try {
        await store.call((container, limits) => container.getBlobClient(name).getBlobLeaseClient(id).acquireLease(LEASE_SECONDS, limits));
        return new AzureLease(store, deviceId, id, sentAt);
      } catch (error) {
        if (!(error instanceof StorageFailure)) throw error;
        if (error.code === "LeaseAlreadyPresent") return null;
        if (error.code !== "BlobNotFound") throw error;
      }
      await createBlob(store, name);
    }
  }

  get blobName(): string {
    return deviceBlobName(this.deviceId);
  }

  /** Milliseconds since it was last made ours. */
  get age(): number {
    return this.#store.clock.now() - this.#renewedAt;
  }

  /** Null while it is surely ours. A clock that was set back tells nothing any more. */
  problem(): LedgerBusyError | null {
    if (this.#lost === null && (this.age < -SET_BACK_MS || this.age >= SURE_MS))
      this.lose(`it was not renewed in time${this.#failure === null ? "" : `: ${this.#failure}`}`);
    if (this.#lost === null) return null;
    return new LedgerBusyError(
      `device ${this.deviceId} is not ours any more: the lease on ${this.#store.url}/${this.blobName} was lost (${this.#lost})`,
      {
        hint: "nothing more was recorded or sent for the device; see that no other run acts on it, then run the command again",
      },
    );
  }

  lose(why: string): void {
    this.#lost ??= why;
  }

  /** One try. What storage refuses is lost; where no answer came, the time that passes tells. */
  async renew(): Promise<void> {
    const sentAt = this.#store.clock.now();
    try {
      await this.#store.once((container, limits) => this.#client(container).renewLease(limits), RENEWAL_TIMEOUT_MS);
    } catch (error) {
      if (error instanceof StorageFailure && (error.status === 409 || error.status === 412 || error.isMissing)) {
        this.lose(`storage says ${error.code}`);
        return;
      }
      this.#failure = error instanceof Error ? error.message : String(error);
      throw error;
    }
    this.#failure = null;
    this.#renewedAt = Math.max(this.#renewedAt, sentAt);
  }

  /** Leaves word for whoever finds the device busy; one try. */
  async sign(text: string): Promise<void> {
    await this.#store.once((container, limits) =>
      container
        .getAppendBlobClient(this.blobName)
        .appendBlock(text, Buffer.byteLength(text), { ...limits, conditions: { leaseId: this.#id } }),
    );
  }

  /** One try: a lease that is not given back ends by itself. */
  async release(): Promise<void> {
    await this.#store.once((container, limits) => this.#client(container).releaseLease(limits), RENEWAL_TIMEOUT_MS);
  }

  #client(container: ContainerClient): BlobLeaseClient {
    return container.getBlobClient(this.blobName).getBlobLeaseClient(this.#id);
  }
}
