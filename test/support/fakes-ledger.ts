import type { LedgerRecord, RunRecord } from "../../providers/domain/ledger-record.ts";
import type { ActionLedger, LedgerContents, LedgerFacts } from "../../providers/domain/ports.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { recordProblem } from "../../providers/ledger/check-record.ts";
import { DeviceLocks } from "../../providers/ledger/device-locks.ts";
import { LedgerIndex } from "../../providers/ledger/ledger-index.ts";
import { LedgerReading } from "../../providers/ledger/ledger-reading.ts";
import type { Journal } from "./fakes-journal.ts";

/**
 * A ledger in memory that keeps the contract of `ActionLedger`, and insists on it: a record is kept
 * as the JSON that a file would hold, must be readable again, and only the holder of a device may
 * append.
 */
export class MemoryLedger implements ActionLedger {
  readonly #index = new LedgerIndex();
  readonly #journal: Journal;
  #locks = new DeviceLocks();
  #holders = 0;
  #brake: string | null = null;

  constructor(journal: Journal, records: readonly LedgerRecord[] = []) {
    this.#journal = journal;
    for (const record of records) this.#index.add(record);
  }

  setBrake(reason: string | null): void {
    this.#brake = reason;
  }

  /** What was written from outside of a run, by `settle` for example. */
  put(...records: readonly LedgerRecord[]): void {
    for (const record of records) this.#index.add(record);
  }

  /** A process that died holds no locks any more. */
  dropLocks(): void {
    this.#locks = new DeviceLocks();
    this.#holders = 0;
  }

  async read(): Promise<LedgerContents> {
    return new LedgerReading({ exists: true, later: this.#index.records() });
  }

  async recordsOf(key: string): Promise<readonly RequestRecord[]> {
    return this.#index.recordsOf(key);
  }

  async append(record: RunRecord): Promise<void> {
    if (this.#holders === 0 && "key" in record) throw new TypeError(`${record.kind} was appended by somebody who does not hold the device`);
    const kept: typeof record = JSON.parse(JSON.stringify(record));
    const problem = recordProblem(kept, Number.POSITIVE_INFINITY);
    if (problem !== null) throw new TypeError(problem);
    this.#index.add(kept);
    if ("key" in kept) this.#journal.push({ kind: "append", record: kept });
  }

  withDevice<T>(deviceId: string, work: () => Promise<T>): Promise<T> {
    return this.#locks.run(deviceId, async () => {
      this.#holders++;
      try {
        return await work();
      } finally {
        this.#holders--;
      }
    });
  }

  async brake(): Promise<string | null> {
    return this.#brake;
  }

  async facts(): Promise<LedgerFacts> {
    return this.#index;
  }

  async appendUnless<T>(record: RunRecord, objection: (facts: LedgerFacts) => T | null): Promise<T | null> {
    const found = objection(this.#index);
    if (found === null) await this.append(record);
    return found;
  }
}
