import os from "node:os";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import type { EscrowStore, Ports } from "../../providers/domain/ports.ts";
import type { SettledRecord } from "../../providers/domain/step-record.ts";
import { historyOf, isEnded, stepOf } from "../../providers/engine/history.ts";
import type { Job, Report } from "../../providers/engine/job.ts";
import { reconcile } from "../../providers/engine/reconcile.ts";
import { createRunClock } from "../../providers/engine/run-clock.ts";
import { createRunSlots } from "../../providers/engine/run-slots.ts";
import { fingerprintOf } from "../../providers/escrow/fingerprint.ts";
import { createGraph } from "../../providers/graph/create-graph.ts";
import { cacheTokens } from "../../providers/identity/token-cache.ts";
import { outcomeMessageOf } from "../../providers/pulumi/program/outcome-message.ts";
import { withoutStack } from "../../providers/pulumi/provider/failure.ts";
import { parseGraphEndpoint } from "../../providers/support/cloud.ts";
import { PROVENANCE } from "../support/fakes.ts";
import { MemoryLedger } from "../support/fakes-ledger.ts";
import { type TestClock, testClock } from "../support/test-clock.ts";
import type { Strike } from "./fault-case.ts";
import { givingUp } from "./giving-up.ts";
import { RenewableTokens } from "./renewable-tokens.ts";
import { BYSTANDER, BYSTANDER_JOB, type Subject } from "./subject.ts";
import { Witness } from "./witness.ts";

/**
 * What a person has of one `up`: how the request stands, what is printed of it, and whether the run
 * fails.
 */
export interface Up {
  /** `broken`: a store failed, and nothing came of the run but the message. */
  readonly outcome: Report["outcome"] | "broken";
  readonly color: "green" | "yellow" | "red";
  readonly text: string;
  readonly report: Report | null;
  /** Requests that this run made of Graph. */
  readonly calls: number;
}

/** Half of it pending, half active; over at the first look after a wait. */
const CHECK_IN_MS = 200;
const WAIT_MS = 20_000;
const GRACE_MS = 4_000;
const GONE_AFTER_MS = 2_000;

/**
 * One request for one device against the emulator over HTTP: the real engine and the real client,
 * an escrow, a ledger, and time that passes only by sleeping. Everything that matters is witnessed
 * as it happens.
 */
export class Stage {
  readonly emulator: Emulator;
  readonly subject: Subject;
  readonly job: Job;
  readonly clock: TestClock;
  readonly ledger: MemoryLedger;
  readonly witness: Witness;
  readonly tokens = new RenewableTokens();
  readonly #escrow: () => EscrowStore;
  #hangs = false;
  #ids = 0;

  private constructor(emulator: Emulator, subject: Subject, clock: TestClock, escrow: () => EscrowStore) {
    this.emulator = emulator;
    this.subject = subject;
    this.clock = clock;
    this.job = subject.job;
    this.ledger = new MemoryLedger([]);
    this.#escrow = escrow;
    this.witness = new Witness(this);
  }

  static async open(subject: Subject, escrow: () => EscrowStore): Promise<Stage> {
    const clock = testClock();
    const emulator = await startEmulator({
      devices: [subject.device, BYSTANDER].map(emulated),
      checkInDelayMs: CHECK_IN_MS,
      clock: () => clock.now(),
      throttle: "off",
    });
    return new Stage(emulator, subject, clock, escrow);
  }

  close(): Promise<void> {
    return this.emulator.close();
  }

  /** Sets the faults; gives back how often they have struck. */
  strike(strikes: readonly Strike[]): () => readonly number[] {
    this.#hangs = strikes.some(({ effect }) => effect.kind === "hang");
    const { action, device } = this.subject;
    const handles = strikes.map(({ call, ...spec }) =>
      this.emulator.setFault({
        ...spec,
        call: call === "act" ? action.name : call,
        ...(call === "batch" ? {} : { device: device.id }),
      }),
    );
    return () => handles.map(({ fired }) => fired);
  }

  /**
   * One `up` by a process of its own; `beside` runs a second request for another device at the same
   * time.
   */
  async up(options: { readonly beside?: boolean } = {}): Promise<Up> {
    const before = this.emulator.requests.length;
    const records = await this.ledger.recordsOf(this.job.plan.key);
    const endedBefore = isEnded(historyOf(records), this.job.edition);
    this.witness.startRun();
    const ports = this.#ports();
    const settings = {
      change: null,
      cloud: "global",
      followOnly: false,
      graceMs: GRACE_MS,
      goneAfterMs: GONE_AFTER_MS,
      clock: createRunClock(this.clock, WAIT_MS),
      slots: createRunSlots(),
      maxDestructive: 1_000,
      maxDisruptive: 1_000,
      provenance: async () => PROVENANCE,
      protected: [],
      hold: async () => null,
      unreviewed: async () => null,
      unshown: async () => null,
    } as const;
    const beside = options.beside === true ? reconcile(BYSTANDER_JOB, ports, settings) : null;
    const [own, other] = await Promise.allSettled([reconcile(this.job, ports, settings), beside]);
    this.witness.bystander(other);
    const calls = this.emulator.requests.length - before;
    if (own.status === "rejected") {
      const text = withoutStack(own.reason, { root: os.tmpdir(), env: {} }).message;
      this.witness.said(text);
      return { outcome: "broken", color: "red", text, report: null, calls };
    }
    const told = outcomeMessageOf(own.value.outcome, own.value.conditions, endedBefore);
    this.witness.said(`${told.text} ${JSON.stringify(own.value)}`);
    return { outcome: own.value.outcome, ...told, report: own.value, calls };
  }

  /** What `settle` does for the step that is in doubt; false when none is. */
  async settle(decision: SettledRecord["decision"]): Promise<boolean> {
    const history = historyOf(await this.ledger.recordsOf(this.job.plan.key));
    const doubtful = this.job.plan.steps.map((step) => stepOf(history, step)).find((state) => state.kind === "inDoubt");
    if (doubtful === undefined) return false;
    const { key, step, attempt, clientRequestId } = doubtful.intent;
    this.witness.settled(clientRequestId, decision);
    const at = new Date(this.clock.now()).toISOString();
    this.ledger.put({ kind: "settled", key, at, step, attempt, decision, who: "anna", why: "looked" });
    return true;
  }

  /** Calls of the action on the wire, whatever became of them. */
  get posts(): number {
    const { action, device } = this.subject;
    return this.emulator.actionCalls.filter((call) => call.action === action.name && call.deviceId === device.id).length;
  }

  /** What the ledger keeps of the action's step: `intent unknown accepted done`. */
  async trail(): Promise<string> {
    const index = this.job.plan.steps.length - 1;
    const records = await this.ledger.recordsOf(this.job.plan.key);
    return records
      .flatMap((record) => {
        if (!("step" in record) || record.step !== index || record.kind === "escrowed") return [];
        if (record.kind === "result") return [record.result];
        return [record.kind === "finished" ? record.status : record.kind];
      })
      .join(" ");
  }

  #ports(): Ports {
    const uuid = () => {
      this.#ids += 1;
      return `00000000-0000-4000-8000-${String(this.#ids).padStart(12, "0")}`;
    };
    const graph = createGraph({
      endpoint: parseGraphEndpoint("global", this.emulator.url),
      tokens: cacheTokens(this.tokens, this.clock),
      clock: this.clock,
      monotonic: () => this.clock.now(),
      uuid,
      random: () => 1,
      ...(this.#hangs ? { wire: givingUp(this.emulator) } : {}),
      onProgress: (text) => this.witness.said(text),
    });
    return {
      directory: this.witness.readsOf(graph.directory),
      actions: graph.actions,
      escrow: this.witness.putsOf(this.#escrow()),
      ledger: this.ledger,
      clock: this.clock,
      monotonic: () => this.clock.now(),
      graphClock: graph.graphClock,
      uuid,
      pin: () => "031337",
      fingerprint: fingerprintOf,
    };
  }
}

function emulated(device: ManagedDevice) {
  const { deviceActionResults: _, ...properties } = device;
  return properties;
}
