import type { Checkpoint } from "./checkpoint.ts";
import type { LedgerBytes } from "./ledger-prefix.ts";

/** An index as it lies there and its name, or why it cannot be had; null where there is none. */
export type FoundCheckpoint =
  | { readonly name: string; readonly bytes: Buffer }
  | { readonly name: string; readonly problem: string }
  | null;

/** Where the indexes of a ledger are kept. What comes from there is not to be trusted yet. */
export interface CheckpointPlace {
  /**
   * The newest, of those that can be told to be of this ledger by their names. Never throws for
   * what lies there, or for a place that does not answer: a ledger is read without it.
   */
  newest(ledger: LedgerBytes): Promise<FoundCheckpoint>;
  /**
   * There whole and durable, or as it was. A place that does not take it is no failure: the next
   * run reads more.
   */
  put(checkpoint: Checkpoint): Promise<void>;
}

/** The ledger was cut or replaced, or is an older copy; the index is not its own. */
export const UNFIT = "the ledger does not begin as it says";
