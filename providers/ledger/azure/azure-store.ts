import type { TokenCredential } from "@azure/identity";
import type { ContainerClient } from "@azure/storage-blob";
import { ConfigurationError, ProductError } from "../../domain/errors.ts";
import type { Clock } from "../../domain/ports.ts";
import type { Redacted } from "../../domain/redacted.ts";
import { doublingFrom, type Pace, retry, within } from "../../support/retry.ts";
import { StorageFailure, storageFailure } from "./azure-failure.ts";
import type { ContainerLocation } from "./container-location.ts";

/** Either `credential` or, for a double, `connectionString`. */
export interface StoreOptions {
  readonly location: ContainerLocation;
  /** Asked at the first request. Never for storage on this machine. */
  readonly credential: () => Promise<TokenCredential>;
  /** For storage on this machine, and for nothing else. */
  readonly connectionString: Redacted<string> | null;
  readonly clock: Clock;
  /** For one try, in milliseconds. */
  readonly timeoutMs?: number;
}

/** One call of the library; it has to pass `limits` on, for nothing else ends it. */
export type StorageCall<T> = (container: ContainerClient, limits: { readonly abortSignal: AbortSignal }) => Promise<T>;

/** Five tries outlast a front end that restarts; a run is waiting. */
const TRIES = doublingFrom(250, 5);

/** No further try starts after this; milliseconds. */
const GIVE_UP_MS = 45_000;

const TIMEOUT_MS = 20_000;

/**
 * The client tries once: what is safe to repeat, and how often, is decided here. It follows no
 * redirect: a token goes to no other host.
 */
const CLIENT_OPTIONS = { retryOptions: { maxTries: 1 }, redirectOptions: { maxRetries: 0 } };

/**
 * One container, reached when it is first needed. Everything that it throws is a `StorageFailure`
 * or an error of ours.
 */
export class AzureStore {
  readonly clock: Clock;
  readonly #options: StoreOptions;
  #container: Promise<ContainerClient> | null = null;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.clock = options.clock;
  }

  get url(): string {
    return this.#options.location.url;
  }

  /** One try. */
  async once<T>(call: StorageCall<T>, timeoutMs = this.#options.timeoutMs ?? TIMEOUT_MS): Promise<T> {
    try {
      return await call(await this.#connected(), { abortSignal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      throw storageFailure(error);
    }
  }

  /** Several tries, for what is the same done once or twice. */
  async call<T>(call: StorageCall<T>): Promise<T> {
    return retry(
      () => this.once(call),
      (error) => error instanceof StorageFailure && error.isPassing,
      this.pace(),
    );
  }

  /** When the tries of one call are made; its time begins now. */
  pace(): Pace {
    return { pauses: within(GIVE_UP_MS, this.clock, TRIES), clock: this.clock };
  }

  /** A failed attempt is forgotten, so that the next call tries again. */
  #connected(): Promise<ContainerClient> {
    if (this.#container !== null) return this.#container;
    const container = connect(this.#options);
    this.#container = container;
    container.catch(() => {
      this.#container = null;
    });
    return container;
  }
}

async function connect({ location, credential, connectionString }: StoreOptions): Promise<ContainerClient> {
  const { BlobServiceClient, ContainerClient } = await import("@azure/storage-blob");
  if (!location.isLoopback) return new ContainerClient(location.url, await credential(), CLIENT_OPTIONS);
  if (connectionString === null) {
    throw new ConfigurationError(`${location.account} is storage on this machine, and AZURE_STORAGE_CONNECTION_STRING is not set`, {
      hint: "set AZURE_STORAGE_CONNECTION_STRING to the connection string of Azurite; it is used for storage on this machine only",
    });
  }
  try {
    const service = BlobServiceClient.fromConnectionString(connectionString.reveal());
    if (service.url.replace(/\/$/, "") === location.account) return new ContainerClient(location.url, service.credential, CLIENT_OPTIONS);
  } catch (error) {
    // The client's words may repeat the key.
    if (error instanceof ProductError) throw error;
  }
  throw new ConfigurationError(`AZURE_STORAGE_CONNECTION_STRING is not the connection string of ${location.account}`, {
    hint: `its BlobEndpoint must be ${location.account}, with DefaultEndpointsProtocol, AccountName and AccountKey`,
  });
}
