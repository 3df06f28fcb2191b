import type { BrakeRecord } from "../domain/ledger-record.ts";
import type { ActionLedger, Clock } from "../domain/ports.ts";
import { FileLedger } from "./file-ledger.ts";
import { parseLedgerLocation } from "./ledger-location.ts";

export interface LedgerOptions {
  /** The configuration key `ledger`. */
  readonly location: string;
  /** The project's folder; relative locations start there. */
  readonly root: string;
  /** Against the emulator a missing ledger is made by the first append. */
  readonly isLoopbackGraph: boolean;
  readonly clock: Clock;
  readonly uuid: () => string;
  /** How long another process may keep us waiting, in milliseconds. */
  readonly waitMs?: number;
}

/** A ledger with what its keepers need beside `ActionLedger`. */
export interface OpenedLedger extends ActionLedger {
  /** Makes an empty ledger; throws `LedgerError` where there is one. */
  create(): Promise<void>;
  setBrake(state: BrakeRecord["state"], who: string, reason: string): Promise<void>;
  /** Bytes behind the last whole record that a crash left; nothing was ever acted on that they say. */
  inspect(): Promise<{ readonly tornBytes: number }>;
  /** Every change of the brake, oldest first. */
  brakes(): Promise<readonly BrakeRecord[]>;
  /** Gives the lock back; for programs that live on. The end of the process does the same. */
  close(): Promise<void>;
  describe(): string;
}

const DEFAULT_WAIT_MS = 5_000;

/** Touches nothing until the first call. Throws `ConfigurationError` for a location of another form. */
export function openLedger(options: LedgerOptions): OpenedLedger {
  const location = parseLedgerLocation(options.location, options.root);
  switch (location.kind) {
    case "file":
      return new FileLedger({
        location,
        root: options.root,
        createWhenMissing: options.isLoopbackGraph,
        clock: options.clock,
        uuid: options.uuid,
        waitMs: options.waitMs ?? DEFAULT_WAIT_MS,
      });
  }
}
