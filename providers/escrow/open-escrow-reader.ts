import type { EscrowReader } from "../domain/ports.ts";
import type { ReaderTools } from "./escrow-store.ts";
import { ESCROW_STORES, escrowedAt } from "./escrow-stores.ts";

/** For the command `reveal` alone; `root` is the project's folder. */
export interface EscrowReaderOptions extends ReaderTools {
  readonly root: string;
}

/** The authorized reader's side, whatever store a reference leads to. */
export function openEscrowReader({ root, ...tools }: EscrowReaderOptions, stores = ESCROW_STORES): EscrowReader {
  return { reveal: async (reference) => escrowedAt(reference, root, stores).reveal(tools) };
}
