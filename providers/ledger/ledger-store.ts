import type { TokenCredential } from "@azure/identity";
import type { BrakeRecord } from "../domain/ledger-record.ts";
import type { ActionLedger, Clock } from "../domain/ports.ts";
import type { Redacted } from "../domain/redacted.ts";
import type { Stop } from "./brake-stops.ts";

/** What a place is held against. */
export interface LocationRules {
  /** The project's folder; relative locations start there. */
  readonly root: string;
  /** DNS suffixes that blobs of the chosen cloud have, such as `blob.core.windows.net`. */
  readonly blobSuffixes: readonly string[];
  /**
   * Storage on this machine is a double: what was sent to real devices must not be recorded there.
   */
  readonly isLoopbackGraph: boolean;
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

/** What a ledger has beside its records. */
export interface Inspected {
  /**
   * Bytes behind the last whole record that a crash left; nothing was ever acted on that they say.
   */
  readonly tornBytes: number;
  /** Its index: what is wrong with it, or how many lines it covers; null where there is none. */
  readonly index: { readonly problem: string } | { readonly lines: number } | null;
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
  /** What is beside the records, without changing it. */
  inspect(): Promise<Inspected>;
  /** Every change of the brake, oldest first. */
  brakes(): Promise<readonly BrakeRecord[]>;
  /** Gives the lock back; for programs that live on. The end of the process does the same. */
  close(): Promise<void>;
  describe(): string;
}

/** What a store may use. Each takes what it needs. */
export interface LedgerTools {
  /** A missing ledger is made by the first append. */
  readonly createWhenMissing: boolean;
  readonly clock: Clock;
  readonly uuid: () => string;
  /** How long another process may keep us waiting, in milliseconds. */
  readonly waitMs: number;
  /** Without it, no ledger in Azure can be opened. */
  readonly azure?: AzureAccess;
  /** The process's variables, for what a store is not to read from the configuration. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** One kind of store for a ledger: everything that differs between it and the others. */
export interface LedgerStoreKind {
  /** How a place of it is written, for hints: `file:FOLDER`. */
  readonly form: string;
  /** Whether a place is of this store, by its form alone; no two claim the same. */
  claims(location: string): boolean;
  /** A place of it, as people are shown it: short, and without what may be secret. */
  shown(location: string): string;
  /**
   * The place that a text of its form names. Throws `ConfigurationError` for one that no ledger of
   * this version can live in; `supported` says as a hint what could be written.
   */
  at(location: string, rules: LocationRules, supported: string): LedgerPlace;
}

/** One place for a ledger, with everything that a run or a command may ask of it. */
export interface LedgerPlace {
  /** What it is, with its article: `a folder`. */
  readonly noun: string;
  /**
   * It stands on one machine: it is lost with a runner that is thrown away, and stacks on several
   * machines would each have one of their own.
   */
  readonly isOfOneMachine: boolean;
  /** Touches nothing until the first call. */
  open(tools: LedgerTools): OpenedLedger;
  /**
   * Returns when no run has the whole ledger to itself. Throws `LedgerBusyError` for one that goes
   * on holding it for `waitMs` milliseconds.
   */
  awaitFree(waitMs: number, clock: Clock): Promise<void>;
}
