import { EscrowError } from "../../providers/domain/errors.ts";
import type { EscrowEntry, EscrowStore } from "../../providers/domain/ports.ts";
import type { Redacted } from "../../providers/domain/redacted.ts";
import type { Journal } from "./fakes-journal.ts";

/** Keeps the order of what was put in the journal; fails while `isDown`. */
export class MemoryEscrow implements EscrowStore {
  readonly #journal: Journal;
  isDown = false;
  #count = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  async put(entry: EscrowEntry, secret: Redacted<string>): Promise<{ readonly reference: string }> {
    if (this.isDown) throw new EscrowError("the vault cannot be reached");
    this.#count++;
    const { kind, requestKey, device } = entry;
    this.#journal.push({ kind: "escrow", key: requestKey, secret: kind, value: secret.reveal(), enrolled: device.enrolledDateTime });
    return { reference: `memory:${this.#count}` };
  }
}
