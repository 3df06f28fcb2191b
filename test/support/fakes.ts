import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import type { Plan } from "../../providers/domain/plan.ts";
import type { Ports } from "../../providers/domain/ports.ts";
import type { Provenance } from "../../providers/domain/request-record.ts";
import type { SettledRecord } from "../../providers/domain/step-record.ts";
import { historyOf, stepOf } from "../../providers/engine/history.ts";
import type { Job, Report, RunSettings } from "../../providers/engine/job.ts";
import { reconcile } from "../../providers/engine/reconcile.ts";
import { createRunClock } from "../../providers/engine/run-clock.ts";
import { createRunSlots } from "../../providers/engine/run-slots.ts";
import { fingerprintOf } from "../../providers/escrow/fingerprint.ts";
import type { RefreshSights } from "../../providers/pulumi/provider/session.ts";
import { IPAD } from "./fakes-devices.ts";
import { MemoryEscrow } from "./fakes-escrow.ts";
import { type Fault, withFault } from "./fakes-faults.ts";
import { FakeGraph } from "./fakes-graph.ts";
import type { Journal } from "./fakes-journal.ts";
import { MemoryLedger } from "./fakes-ledger.ts";
import { type TestClock, testClock } from "./test-clock.ts";

export const CODE = "4K7Q1-P9D0M-3TXYZ-8HWEV";

/** The run of every test. */
export const PROVENANCE: Provenance = {
  commit: "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
  pullRequest: "https://github.com/contoso/devices/pull/17",
  ciRun: "GitHub run 4711, attempt 1, of contoso/devices",
  who: "anna",
};

export interface RunChanges {
  readonly waitMs?: number;
  readonly graceMs?: number;
  readonly goneAfterMs?: number;
  readonly followOnly?: boolean;
  readonly cloud?: RunSettings["cloud"];
  readonly fault?: Fault | null;
  readonly maxDestructive?: number;
  readonly maxDisruptive?: number;
  readonly foreignLimit?: number;
  readonly countForeign?: boolean;
  readonly protected?: readonly string[];
  /** The reviewed change that the run performs. */
  readonly change?: string;
  /** Why the run destroys nothing. */
  readonly held?: string;
  /** What the review does not have: why, by the plan. */
  readonly unreviewed?: (plan: Plan) => string | null;
  /** What the run did not show: why, by the plan. */
  readonly unshown?: (plan: Plan) => string | null;
}

/** All ports of `reconcile` in memory, round one clock and one journal. */
export class World {
  readonly journal: Journal = [];
  readonly clock: TestClock = testClock();
  readonly ledger = new MemoryLedger(this.journal);
  readonly escrow = new MemoryEscrow(this.journal);
  readonly graph = new FakeGraph(this.clock, this.journal);
  ports: Ports & RefreshSights;
  /** How long the journal was when each run began. */
  readonly starts: number[] = [];
  /** Client request ids of attempts that a person settled as not taken. */
  readonly settledAttempts = new Set<string>();
  #ids = 0;

  constructor(device: ManagedDevice | null = IPAD, code: string | null = CODE) {
    if (device !== null) this.graph.enrol(device, code);
    this.ports = {
      directory: this.graph,
      actions: this.graph,
      escrow: this.escrow,
      ledger: this.ledger,
      clock: this.clock,
      monotonic: () => this.clock.now(),
      graphClock: () => this.graph.graphClock(),
      uuid: () => `call-${++this.#ids}`,
      pin: () => "031337",
      fingerprint: fingerprintOf,
      escrowWatch: this.escrow,
      everyDevice: async () => this.graph.everyDevice(),
    };
  }

  settings(changes: RunChanges = {}): RunSettings {
    const { waitMs = 120_000, graceMs = 30_000, followOnly = false, cloud = "global", maxDestructive = 1_000, held = null } = changes;
    const { goneAfterMs = 30_000 } = changes;
    return {
      change: changes.change ?? null,
      provenance: async () => PROVENANCE,
      cloud,
      followOnly,
      graceMs,
      goneAfterMs,
      clock: createRunClock(this.clock, waitMs),
      slots: createRunSlots(),
      maxDestructive,
      maxDisruptive: changes.maxDisruptive ?? 1_000,
      foreignLimit: changes.foreignLimit,
      countForeign: changes.countForeign ?? false,
      protected: changes.protected ?? [],
      hold: async () => held,
      unreviewed: async (plan) => changes.unreviewed?.(plan) ?? null,
      unshown: async (plan) => changes.unshown?.(plan) ?? null,
    };
  }

  /** One `up` of one request, by a process of its own. */
  async run(job: Job, changes: RunChanges = {}): Promise<Report> {
    this.ledger.dropLocks();
    this.starts.push(this.journal.length);
    return reconcile(job, withFault(this.ports, changes.fault ?? null).ports, this.settings(changes));
  }

  /**
   * What `settle` does for the step that is in doubt; false when none is. Without a decision it
   * tells the truth.
   */
  async settle(job: Job, decision?: SettledRecord["decision"]): Promise<boolean> {
    const history = historyOf(await this.ledger.recordsOf(job.plan.key));
    const doubtful = job.plan.steps.map((step) => stepOf(history, step)).find((state) => state.kind === "inDoubt");
    if (doubtful === undefined) return false;
    const { step, attempt, clientRequestId } = doubtful.intent;
    const wasTaken = this.journal.some((entry) => entry.kind === "POST" && entry.clientRequestId === clientRequestId && entry.takes);
    const decided = decision ?? (wasTaken ? "taken" : "not-taken");
    if (decided === "not-taken") this.settledAttempts.add(clientRequestId);
    const at = new Date(this.clock.now()).toISOString();
    this.ledger.put({ kind: "settled", key: job.plan.key, at, step, attempt, decision: decided, who: "anna", why: "looked" });
    return true;
  }
}
