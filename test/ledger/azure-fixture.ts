import { randomUUID } from "node:crypto";
import { BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { AzureLedger, type AzureLedgerOptions } from "../../providers/ledger/azure/azure-ledger.ts";
import { parseContainer } from "../../providers/ledger/azure/container-location.ts";
import type { Azurite } from "../support/azurite.ts";
import type { FaultyProxy } from "../support/faulty-proxy.ts";

/** Real time that can be moved on; nobody waits for it. */
export class HurriedClock {
  #ahead = 0;

  now(): number {
    return Date.now() + this.#ahead;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.advance(milliseconds);
  }

  advance(milliseconds: number): void {
    this.#ahead += milliseconds;
  }
}

/** A door to the ledger, as another process would open it. */
export interface Door {
  readonly ledger: AzureLedger;
  readonly clock: HurriedClock;
  /** What a timer does now and then. */
  readonly beat: () => Promise<void>;
}

/** A container of its own, which its doors reach through a proxy where there is one. */
export class AzurePlace {
  readonly container: ContainerClient;
  readonly #azurite: Azurite;
  readonly #name = randomUUID();

  constructor(azurite: Azurite) {
    this.#azurite = azurite;
    this.container = BlobServiceClient.fromConnectionString(azurite.connectionString().reveal()).getContainerClient(this.#name);
  }

  door(changes: Partial<AzureLedgerOptions> = {}, proxy: FaultyProxy | null = null): Door {
    const account = proxy === null ? this.#azurite.account : this.#azurite.account.replace(/^http:\/\/[^/]+/, proxy.url);
    const location = parseContainer(`${account}/${this.#name}`, { root: "/", blobSuffixes: [], isLoopbackGraph: true });
    const clock = new HurriedClock();
    let work = async () => {};
    const ledger = new AzureLedger({
      location,
      createWhenMissing: false,
      clock,
      uuid: randomUUID,
      waitMs: 0,
      credential: () => Promise.reject(new TypeError("nobody asks for a credential on this machine")),
      connectionString: this.#azurite.connectionString(account),
      holder: "process 1 on a test",
      every: (_, repeated) => {
        work = repeated;
        return () => {
          work = async () => {};
        };
      },
      ...changes,
    });
    return { ledger, clock, beat: () => work() };
  }

  /** The ledger is made. */
  async made(): Promise<this> {
    await this.door().ledger.create();
    return this;
  }

  /** Makes the container, with these bytes as the first part of its ledger. */
  async put(bytes: Buffer): Promise<void> {
    await this.container.create();
    const part = this.container.getAppendBlobClient("ledger-000001.jsonl");
    await part.create();
    await part.appendBlock(bytes, bytes.length);
  }

  /** Names of the blobs with its indexes, the newest first. */
  async indexes(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const { name } of this.container.listBlobsFlat({ prefix: "ledger.index/" })) names.push(name);
    return names;
  }

  /** The request records, as another process reads them. */
  async records(): Promise<readonly RequestRecord[]> {
    return (await this.door().ledger.read()).records.filter((record): record is RequestRecord => "key" in record);
  }

  async keys(): Promise<readonly string[]> {
    return (await this.records()).map((record) => record.key);
  }
}
