import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import type { ActionLedger, DeviceDirectory, EscrowStore } from "../../providers/domain/ports.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import type { SettledRecord } from "../../providers/domain/step-record.ts";
import { historyOf } from "../../providers/engine/history.ts";
import type { Report } from "../../providers/engine/job.ts";
import { rememberedDevice, reportOf } from "../../providers/engine/report.ts";
import { recordProblem } from "../../providers/ledger/check-record.ts";
import { leaksIn } from "../support/secrets.ts";
import type { RenewableTokens } from "./renewable-tokens.ts";
import { guardsCode, type Subject } from "./subject.ts";

/** What is watched. */
interface Scene {
  readonly emulator: Emulator;
  readonly subject: Subject;
  readonly ledger: Pick<ActionLedger, "read" | "recordsOf">;
  readonly tokens: RenewableTokens;
}

interface Post {
  readonly clientRequestId: string;
  readonly path: string;
  readonly hasIntent: boolean;
  /**
   * What the last read of the code gave since the run began or something was sent; undefined where
   * it was not read.
   */
  readonly codeRead: string | null | undefined;
  /** Codes that were in escrow then. */
  readonly escrowed: readonly string[];
}

/**
 * After these a call may go again: neither Graph nor what stands before it looks at what it asks
 * for.
 */
const NOBODY_LOOKED: readonly (number | null)[] = [401, 407, 429];

/** Sees what goes over the wire and through the stores, and tells which promises were broken. */
export class Witness {
  readonly #scene: Scene;
  readonly #posts: Post[] = [];
  readonly #escrowed: string[] = [];
  readonly #texts: string[] = [];
  readonly #secrets = new Set<string>();
  readonly #settledNotTaken = new Set<string>();
  #settledFalsely = false;
  #codeRead: string | null | undefined;
  readonly #others: string[] = [];

  constructor(scene: Scene) {
    this.#scene = scene;
    scene.emulator.on("request", async ({ kind, action, deviceId, headers, path }) => {
      if (kind !== "action" || action !== scene.subject.action.name || deviceId !== scene.subject.device.id) return;
      const clientRequestId = headers["client-request-id"] ?? "";
      const records = await scene.ledger.recordsOf(scene.subject.job.plan.key);
      const hasIntent = records.some((record) => record.kind === "intent" && record.clientRequestId === clientRequestId);
      this.#posts.push({ clientRequestId, path, hasIntent, codeRead: this.#codeRead, escrowed: [...this.#escrowed] });
      this.#codeRead = undefined;
    });
  }

  startRun(): void {
    this.#codeRead = undefined;
  }

  /** What a person may read. */
  said(text: string): void {
    this.#texts.push(text);
  }

  settled(clientRequestId: string, decision: SettledRecord["decision"]): void {
    if (decision === "not-taken") this.#settledNotTaken.add(clientRequestId);
    const wasTaken = this.#received().some((received) => received.clientRequestId === clientRequestId);
    if (wasTaken !== (decision === "taken")) this.#settledFalsely = true;
  }

  bystander(result: PromiseSettledResult<Report | null>): void {
    if (result.status === "rejected") this.#others.push(`the bystander's run broke: ${result.reason}`);
    else if (result.value !== null && result.value.outcome !== "succeeded")
      this.#others.push(`the bystander is ${result.value.outcome}: ${result.value.message}`);
  }

  readsOf(directory: DeviceDirectory): DeviceDirectory {
    return {
      resolveEach: (selectors) => directory.resolveEach(selectors),
      observe: (device) => directory.observe(device),
      lookClosely: async (device, withCode) => {
        const look = await directory.lookClosely(device, withCode);
        if (!withCode) return look;
        const code = look.code instanceof Redacted ? look.code : null;
        this.#codeRead = code?.reveal() ?? null;
        if (code !== null) this.#secrets.add(code.reveal());
        return look;
      },
      lookForGone: (device, serialNumber) => directory.lookForGone(device, serialNumber),
      readBypassCode: async (device) => {
        const code = await directory.readBypassCode(device);
        this.#codeRead = code?.reveal() ?? null;
        if (code !== null) this.#secrets.add(code.reveal());
        return code;
      },
    };
  }

  putsOf(escrow: EscrowStore): EscrowStore {
    return {
      readBack: escrow.readBack,
      put: async (entry, secret) => {
        this.#secrets.add(secret.reveal());
        const put = await escrow.put(entry, secret);
        this.#escrowed.push(secret.reveal());
        return put;
      },
    };
  }

  /** Secrets that were put into escrow and read back, in order. */
  get escrowed(): readonly string[] {
    return this.#escrowed;
  }

  /** The broken promises in words; none when all hold. */
  async brokenPromises(report: Report | null): Promise<readonly string[]> {
    return [
      ...this.#others,
      ...this.#posts.flatMap((post) => this.#onItsWay(post)),
      ...this.#posts.flatMap((post) => this.#afterItsCode(post)),
      ...this.#twice(),
      ...this.#falseSuccess(report),
      ...(await this.#leaks()),
      ...(await this.#replays()),
    ];
  }

  #onItsWay({ hasIntent, path }: Post): string[] {
    const { device } = this.#scene.subject;
    return [
      ...(hasIntent ? [] : ["the action was sent without an intent of the same client-request-id in the ledger"]),
      ...(path.includes(device.id) ? [] : [`the action went to ${path}`]),
    ];
  }

  /**
   * On devices that Activation Lock can hold, each call that destroys data follows a read of the
   * code, and what was read is in escrow.
   */
  #afterItsCode({ codeRead, escrowed }: Post): string[] {
    if (!guardsCode(this.#scene.subject)) return [];
    if (codeRead === undefined) return ["data was destroyed without a fresh read of the code"];
    if (codeRead !== null) return escrowed.includes(codeRead) ? [] : ["data was destroyed with the code out of escrow"];
    const isKnown = this.#scene.subject.job.terms.acknowledge.includes("noBypassCode");
    return escrowed.length > 0 || isKnown ? [] : ["data was destroyed without any code in escrow"];
  }

  /**
   * Again only what is safe to repeat, what Graph throttled, and what a person settled as not
   * taken.
   */
  #twice(): string[] {
    const { action } = this.#scene.subject;
    const own = this.#scene.emulator.actionCalls.filter(
      (call) => call.action === action.name && call.deviceId === this.#scene.subject.device.id,
    );
    const again = own.filter((_, index) => {
      const before = own[index - 1];
      return (
        before !== undefined &&
        !NOBODY_LOOKED.includes(before.status) &&
        !this.#settledNotTaken.has(before.headers["client-request-id"] ?? "")
      );
    });
    const taken = this.#received().filter(({ source }) => source === "graph").length;
    return [
      ...(action.repeatable ? [] : again.map(({ sequence }) => `call ${sequence} sends the action again`)),
      ...(action.repeatable || this.#settledFalsely || taken <= 1 ? [] : [`the device got the action ${taken} times`]),
    ];
  }

  #falseSuccess(report: Report | null): string[] {
    if (report?.outcome !== "succeeded" || this.#settledFalsely || this.#received().length > 0) return [];
    return ["it is called succeeded, and Graph never took the action"];
  }

  #received() {
    const { emulator, subject } = this.#scene;
    return emulator.device(subject.device.id).received.filter(({ action }) => action === subject.action.name);
  }

  async #leaks(): Promise<string[]> {
    const { ledger, emulator, subject, tokens } = this.#scene;
    const { results, bypassCode } = emulator.device(subject.device.id);
    const shown = [...results.flatMap(({ passcode, unlockPin }) => [passcode, unlockPin]), bypassCode];
    const secrets = [...this.#secrets, ...tokens.texts, ...shown.filter((text) => typeof text === "string")];
    const kept = JSON.stringify((await ledger.read()).records);
    return leaksIn([kept, ...this.#texts].join("\n"), secrets).map((form) => `a secret was told or kept: ${form}`);
  }

  /** Every beginning of the ledger can be read again and told, whatever came after it. */
  async #replays(): Promise<string[]> {
    const { subject, ledger } = this.#scene;
    const { job } = subject;
    const records = await ledger.recordsOf(job.plan.key);
    const problems = records.flatMap((record) => recordProblem(JSON.parse(JSON.stringify(record)), Number.POSITIVE_INFINITY) ?? []);
    const verdict = { outcome: "pending", reason: "Replayed", message: "replayed" } as const;
    for (let length = 0; length <= records.length; length++) {
      const part = historyOf(records.slice(0, length));
      reportOf(job.plan, part, verdict, rememberedDevice(job.plan, part));
    }
    return problems;
  }
}
