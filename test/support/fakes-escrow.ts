import { EscrowError } from "../../providers/domain/errors.ts";
import type { EscrowEntry, EscrowStore, EscrowWatch, SecretLook } from "../../providers/domain/ports.ts";
import type { Redacted } from "../../providers/domain/redacted.ts";
import type { Journal } from "./fakes-journal.ts";

/** Keeps the order of what was put in the journal; fails while `isDown`. */
export class MemoryEscrow implements EscrowStore, EscrowWatch {
  readonly #journal: Journal;
  isDown = false;
  /** As a Key Vault can; a folder cannot. */
  readBack: EscrowStore["readBack"] = null;
  readonly #values: Redacted<string>[] = [];

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  async put(entry: EscrowEntry, secret: Redacted<string>): Promise<{ readonly reference: string }> {
    if (this.isDown) throw new EscrowError("the vault cannot be reached");
    this.#values.push(secret);
    const { kind, requestKey, device } = entry;
    this.#journal.push({ kind: "escrow", key: requestKey, secret: kind, value: secret.reveal(), enrolled: device.enrolledDateTime });
    return { reference: `memory:${this.#values.length}` };
  }

  /** What a look at a reference tells where it is not `there`. */
  readonly looks = new Map<string, SecretLook>();

  async look(reference: string): Promise<SecretLook> {
    return this.looks.get(reference) ?? { kind: "there", expiresAt: null };
  }

  /** From now on what was put can be had again. */
  letReadBack(): void {
    this.readBack = async (reference) => {
      const value = this.#values[Number(reference.slice("memory:".length)) - 1];
      if (value === undefined) throw new EscrowError(`there is no ${reference}`);
      return value;
    };
  }
}
