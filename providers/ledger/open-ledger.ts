import type { TokenCredential } from "@azure/identity";
import { ConfigurationError } from "../domain/errors.ts";
import type { BrakeRecord } from "../domain/ledger-record.ts";
import type { ActionLedger, Clock } from "../domain/ports.ts";
import type { Redacted } from "../domain/redacted.ts";
import { AzureLedger } from "./azure/azure-ledger.ts";
import type { Stop } from "./brake-stops.ts";
import { FileLedger } from "./file/file-ledger.ts";
import { parseLedgerLocation } from "./ledger-location.ts";

/** What a folder needs, and what a container needs: the location says which of them it is. */
export interface LedgerOptions {
  /** The configuration key `ledger`. */
  readonly location: string;
  /** The project's folder; relative locations start there. */
  readonly root: string;
  readonly isLoopbackGraph: boolean;
  /** A missing ledger is made by the first append. Default: against the emulator. */
  readonly createWhenMissing?: boolean;
  readonly clock: Clock;
  readonly uuid: () => string;
  /** How long another process may keep us waiting, in milliseconds. */
  readonly waitMs?: number;
  /** Absent: only folders can be ledgers. */
  readonly azure?: AzureAccess;
}

/** What a ledger in Azure Storage needs besides. */
export interface AzureAccess {
  /** DNS suffixes that blobs of the chosen cloud have, such as `blob.core.windows.net`. */
  readonly blobSuffixes: readonly string[];
  /** Asked at the first request. */
  readonly credential: () => Promise<TokenCredential>;
  /** `AZURE_STORAGE_CONNECTION_STRING`, for storage on this machine and for nothing else. */
  readonly connectionString: Redacted<string> | null;
  /** Who we are, for whoever finds a device busy. */
  readonly holder: string;
}

/** A ledger with what its keepers need beside `ActionLedger`. */
export interface OpenedLedger extends ActionLedger {
  /** Makes an empty ledger; throws `LedgerError` where there is one. */
  create(): Promise<void>;
  /**
   * Adds a stop, or ends the one that is named; a `resume` that names none ends all that are there.
   */
  setBrake(state: BrakeRecord["state"], who: string, reason: string, stop?: string): Promise<void>;
  /**
   * Why nothing is sent, oldest first; empty while the brake is not set, and where there is no
   * ledger.
   */
  stops(): Promise<readonly Stop[]>;
  /**
   * Bytes behind the last whole record that a crash left; nothing was ever acted on that they say.
   */
  inspect(): Promise<{ readonly tornBytes: number }>;
  /** Every change of the brake, oldest first. */
  brakes(): Promise<readonly BrakeRecord[]>;
  /** Gives the lock back; for programs that live on. The end of the process does the same. */
  close(): Promise<void>;
  describe(): string;
}

const DEFAULT_WAIT_MS = 5_000;

/**
 * Touches nothing until the first call. Throws `ConfigurationError` for a location of another form.
 */
export function openLedger(options: LedgerOptions): OpenedLedger {
  const { azure, isLoopbackGraph } = options;
  const location = parseLedgerLocation(options.location, { ...options, blobSuffixes: azure?.blobSuffixes ?? [] });
  const common = {
    ...options,
    createWhenMissing: options.createWhenMissing ?? isLoopbackGraph,
    waitMs: options.waitMs ?? DEFAULT_WAIT_MS,
  };
  if (location.kind === "file") return new FileLedger({ ...common, location });
  if (azure === undefined) throw new ConfigurationError(`the ledger ${location.url} cannot be opened here: only folders can`);
  return new AzureLedger({ ...common, ...azure, location, every });
}

/** Not again while it is still at it. */
function every(milliseconds: number, work: () => Promise<void>): () => void {
  let isBusy = false;
  const timer = setInterval(async () => {
    if (isBusy) return;
    isBusy = true;
    await work().finally(() => {
      isBusy = false;
    });
  }, milliseconds);
  timer.unref();
  return () => clearInterval(timer);
}
