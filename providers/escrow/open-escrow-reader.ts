import type { EscrowReader } from "../domain/ports.ts";
import type { ReaderTools } from "./escrow-store.ts";
import { ESCROW_STORES, escrowedAt } from "./escrow-stores.ts";

<<<<<<< 147597d0e018dcf994d62b0b6b3dbab8270ca1e2
export interface EscrowReaderOptions extends ReaderTools {
=======
/** For the command `reveal` alone; `root` is the project's folder. */
export interface EscrowReaderOptions {
>>>>>>> deec9e555e9eefd8afe8395e966d1c00a9552e8b
  readonly root: string;
}

/** The authorized reader's side, whatever store a reference leads to. */
export function openEscrowReader({ root, ...tools }: EscrowReaderOptions, stores = ESCROW_STORES): EscrowReader {
  return { reveal: async (reference) => escrowedAt(reference, root, stores).reveal(tools) };
}
