import type { EscrowReader } from "../domain/ports.ts";
import type { ReaderTools } from "./escrow-store.ts";
import { ESCROW_STORES, escrowedAt } from "./escrow-stores.ts";

<<<<<<< 6788955e94f5c445b584d51e2cfda490b3ea572e
/** For the command `reveal` alone; `root` is the project's folder. */
=======
/** What the reader brings, and where relative references start. */
>>>>>>> e44f84dff01d0c655752f5e68697a1fbcd61c311
export interface EscrowReaderOptions extends ReaderTools {
  readonly root: string;
}

/** The authorized reader's side, whatever store a reference leads to. */
export function openEscrowReader({ root, ...tools }: EscrowReaderOptions, stores = ESCROW_STORES): EscrowReader {
  return { reveal: async (reference) => escrowedAt(reference, root, stores).reveal(tools) };
}
