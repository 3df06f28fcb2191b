import { findRemoteAction, type RemoteAction } from "../../providers/domain/actions/action-table.ts";
import type { ClockReading } from "../../providers/domain/clock-reading.ts";
import { GraphReadError } from "../../providers/domain/errors.ts";
import {
  type ActionState,
  type DeviceActionResult,
  isSupervisedApple,
  type ManagedDevice,
  platformOf,
} from "../../providers/domain/managed-device.ts";
import type { DeviceReference } from "../../providers/domain/plan.ts";
import type {
  ActionCall,
  ApprovalState,
  Clock,
  CloseLook,
  DeviceActions,
  DeviceDirectory,
  GoneAnswer,
  PermissionAnswer,
  Place,
  SendResult,
} from "../../providers/domain/ports.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import type { DeviceSelector } from "../../providers/domain/request.ts";
import { isClockSure } from "../../providers/rules/clock-rule.ts";
import type { Journal } from "./fakes-journal.ts";

/** What Graph says to a call, and whether it took it: the two differ where an answer is lost. */
export interface ScriptedAnswer {
  readonly answer: SendResult["kind"];
  readonly takes: boolean;
}

export const ACCEPTED: ScriptedAnswer = { answer: "accepted", takes: true };
export const THROTTLED: ScriptedAnswer = { answer: "throttled", takes: false };
export const REFUSED: ScriptedAnswer = { answer: "refused", takes: false };
export const APPROVAL_REQUIRED: ScriptedAnswer = { answer: "approvalRequired", takes: false };
export const SIGN_IN_REQUIRED: ScriptedAnswer = { answer: "signInRequired", takes: false };
/** The answer was lost after Graph took the call, or before. */
export const LOST_AFTER: ScriptedAnswer = { answer: "unknown", takes: true };
export const LOST_BEFORE: ScriptedAnswer = { answer: "unknown", takes: false };

interface Running {
  readonly action: RemoteAction;
  readonly startedAt: number;
  readonly dueAt: number;
  readonly ending: ActionState;
  isOver: boolean;
}

interface DeviceState {
  managed: ManagedDevice;
  code: string | null;
  present: boolean;
  readonly running: Running[];
  /** How often its data was erased. */
  erased: number;
}

/**
 * Graph and its devices in a few lines: what is sent is pending until half of the check-in delay,
 * then active, then over; a wipe takes the code away as soon as it is accepted, and the device when
 * it is over. Times of results are of Graph's own clock, a minute off ours.
 */
export class FakeGraph implements DeviceDirectory, DeviceActions {
  readonly #devices = new Map<string, DeviceState>();
  readonly #script = new Map<string, ScriptedAnswer[]>();
  readonly #endings = new Map<string, ActionState>();
  readonly #missing = new Map<string, string>();
  readonly #clock: Clock;
  readonly #journal: Journal;
  checkInMs = 2_000;
  /** Actions are taken, and no result of them is ever reported. */
  isSilent = false;
  /** How far its clock is behind ours. */
  behindMs = MINUTE;
  /** Its answers say what time it is for Graph. */
  tellsTime = true;
  reads = 0;
  /** Devices that Graph does not show, by id. */
  readonly unreadable = new Map<string, GraphReadError>();
  readonly startedElsewhere = new Set<string>();

  constructor(clock: Clock, journal: Journal) {
    this.#clock = clock;
    this.#journal = journal;
  }

  enrol(managed: ManagedDevice, code: string | null = null): void {
    const erased = this.#devices.get(managed.id)?.erased ?? 0;
    this.#devices.set(managed.id, { managed, code, present: true, running: [], erased });
  }

  /** The same Intune id, enrolled again: results and code are those of the new enrolment. */
  enrolAnew(id: string, enrolledDateTime: string, code: string | null): void {
    this.enrol({ ...this.#state(id).managed, enrolledDateTime, deviceActionResults: [] }, code);
  }

  remove(id: string): void {
    this.#state(id).present = false;
  }

  /** It was hidden, and not gone. */
  show(id: string): void {
    this.#state(id).present = true;
  }

  setCode(id: string, code: string | null): void {
    this.#state(id).code = code;
  }

  change(id: string, changes: Partial<ManagedDevice>): void {
    const state = this.#state(id);
    state.managed = { ...state.managed, ...changes };
  }

  /** Answers to the next calls of an action; accepted when there is none left. */
  answer(action: string, ...answers: readonly ScriptedAnswer[]): void {
    this.#script.set(action, [...(this.#script.get(action) ?? []), ...answers]);
  }

  endsAs(action: string, ending: ActionState): void {
    this.#endings.set(action, ending);
  }

  /** The tokens at hand lack this action's permission; null: they have it again. */
  lackPermission(action: string, signIn: string | null): void {
    if (signIn === null) this.#missing.delete(action);
    else this.#missing.set(action, signIn);
  }

  /** Another administrator does it in the portal. */
  startElsewhere(id: string, action: string): void {
    this.startedElsewhere.add(action);
    this.#take(this.#state(id), remoteAction(action));
  }

  erased(id: string): number {
    this.#progress(this.#state(id));
    return this.#state(id).erased;
  }

  async resolveEach(selectors: readonly DeviceSelector[]): Promise<readonly (readonly ManagedDevice[] | GraphReadError)[]> {
    this.reads++;
    const present = [...this.#devices.values()].filter((state) => state.present).map((state) => this.#view(state));
    return selectors.map((selector) => {
      const found = present.filter((device) => isSelected(device, selector));
      return found.map(({ id }) => this.unreadable.get(id)).find((error) => error !== undefined) ?? found;
    });
  }

  async observe(device: DeviceReference): Promise<ManagedDevice | null> {
    this.reads++;
    const error = this.unreadable.get(device.id);
    if (error !== undefined) throw error;
    const state = this.#devices.get(device.id);
    if (state === undefined) return null;
    const view = this.#view(state);
    return state.present ? view : null;
  }

  /** The list of all devices. */
  everyDevice(): readonly ManagedDevice[] {
    this.reads++;
    return [...this.#devices.values()].filter(({ present }) => present).map((state) => this.#view(state));
  }

  async lookClosely(reference: DeviceReference, withCode: boolean): Promise<CloseLook> {
    const device = await this.observe(reference);
    if (device === null) throw new GraphReadError("Graph did not give the device: 404");
    return { device, code: withCode ? await this.readBypassCode(reference) : null };
  }

  async takePlace(): Promise<Place> {
    return { giveBack: () => undefined, isPaused: () => false };
  }

  /**
   * Devices under another id that have the serial number are told; the fake has no list that
   * differs from its devices.
   */
  async lookForGone(device: DeviceReference, serialNumber: string | null): Promise<GoneAnswer> {
    const found = await this.observe(device);
    if (found !== null) return { kind: "there", device: found };
    const [same = []] = serialNumber === null ? [] : await this.resolveEach([{ serialNumber }]);
    return { kind: "gone", elsewhere: same instanceof GraphReadError ? [] : same.map(({ id }) => id) };
  }

  async readBypassCode(device: DeviceReference): Promise<Redacted<string> | null> {
    this.reads++;
    const state = this.#devices.get(device.id);
    const code = state === undefined ? null : this.#visibleCode(state);
    this.#journal.push({ kind: "readCode", device: device.id, code });
    return code === null ? null : new Redacted(code);
  }

  /**
   * Of every approval. Unless said, nobody can read how approvals stand: the resubmission tells.
   */
  approvalNow: ApprovalState | GraphReadError = { kind: "unknown" };

  async approval(): Promise<ApprovalState> {
    if (this.approvalNow instanceof GraphReadError) throw this.approvalNow;
    return this.approvalNow;
  }

  async permission(action: RemoteAction): Promise<PermissionAnswer> {
    const signIn = this.#missing.get(action.name);
    return signIn === undefined
      ? { kind: "granted" }
      : { kind: "missing", permission: action.permission.application ?? action.permission.delegated, signIn };
  }

  async send(call: ActionCall): Promise<SendResult> {
    const { answer, takes } = this.#script.get(call.action.name)?.shift() ?? ACCEPTED;
    const state = this.#devices.get(call.device.id);
    const isThere = state?.present === true;
    this.#journal.push({
      kind: "POST",
      action: call.action.name,
      device: call.device.id,
      enrolled: isThere ? state.managed.enrolledDateTime : null,
      supervisedApple: isThere && isSupervisedApple(state.managed),
      code: isThere ? this.#visibleCode(state) : null,
      answer,
      takes: takes && isThere,
      clientRequestId: call.clientRequestId,
      approvalRequest: call.approvalRequest ?? null,
      isClockSure: isClockSure(this.graphClock()),
    });
    if (takes && isThere) this.#take(state, call.action);
    return sendResult(answer, this.#journal.length);
  }

  #state(id: string): DeviceState {
    const state = this.#devices.get(id);
    if (state === undefined) throw new TypeError(`no device ${id} was enrolled`);
    return state;
  }

  #take(state: DeviceState, action: RemoteAction): void {
    const startedAt = this.#now();
    const ending = this.#endings.get(action.name) ?? "done";
    state.running.push({ action, startedAt, dueAt: startedAt + this.checkInMs, ending, isOver: false });
  }

  #visibleCode(state: DeviceState): string | null {
    this.#progress(state);
    const isWiping = state.running.some((running) => running.action.name === "wipe" && !running.isOver);
    return isWiping || !state.present ? null : state.code;
  }

  #progress(state: DeviceState): void {
    for (const running of state.running) {
      if (running.isOver || this.#now() < running.dueAt) continue;
      running.isOver = true;
      if (running.ending !== "done" || !removesDevice(running.action)) continue;
      state.present = false;
      if (running.action.name === "wipe") state.erased++;
      if (running.action.name === "wipe") state.code = null;
    }
  }

  /** One entry per action, the newest, as Graph shows them. */
  #view(state: DeviceState): ManagedDevice {
    this.#progress(state);
    const managed = { ...state.managed, ...this.#time() };
    if (this.isSilent) return managed;
    const reported = state.running.filter((running) => running.action.result.kind === "reported");
    const newest = reported.filter((running, index) => !reported.slice(index + 1).some((later) => later.action === running.action));
    const names = new Set<string>(newest.map((running) => running.action.name));
    const given = state.managed.deviceActionResults.filter((result) => !names.has(result.actionName));
    return { ...managed, deviceActionResults: [...given, ...newest.map((running) => this.#resultOf(running, state))] };
  }

  graphClock(): ClockReading | null {
    const { graphTime } = this.#time();
    return graphTime === undefined ? null : { ours: this.#clock.now(), graphs: Date.parse(graphTime) };
  }

  /** By its own clock, which goes on when ours is set. */
  #now(): number {
    return this.#clock.now() - this.behindMs;
  }

  /** As the header of an answer says it: of whole seconds. */
  #time(): Pick<ManagedDevice, "graphTime"> {
    if (!this.tellsTime) return {};
    return { graphTime: textOf(this.#now()).replace(/\.\d+Z$/, ".000Z") };
  }

  #resultOf(running: Running, { managed, running: all }: DeviceState): DeviceActionResult {
    const now = this.#now();
    const halfway = (running.startedAt + running.dueAt) / 2;
    const actionState = now >= running.dueAt ? running.ending : now >= halfway ? "active" : "pending";
    const result = {
      actionName: running.action.name,
      actionState,
      startDateTime: textOf(running.startedAt),
      lastUpdatedDateTime: textOf(now >= running.dueAt ? running.dueAt : running.startedAt),
    };
    if (actionState !== "done") return result;
    if (running.action.name === "resetPasscode") return { ...result, secret: new Redacted("84211973") };
    // The PIN of a locked Mac is shown until another action is sent to it.
    const showsPin = running.action.name === "remoteLock" && platformOf(managed) === "macOS" && all.at(-1) === running;
    return showsPin ? { ...result, secret: new Redacted("271828") } : result;
  }
}

function removesDevice({ result }: RemoteAction): boolean {
  return result.kind === "reported" && result.goneIsSuccess === true;
}

const MINUTE = 60_000;

function textOf(time: number): string {
  return new Date(time).toISOString();
}

function remoteAction(name: string): RemoteAction {
  const action = findRemoteAction(name);
  if (action === undefined) throw new TypeError(`${name} is no action`);
  return action;
}

function isSelected(device: ManagedDevice, selector: DeviceSelector): boolean {
  if (selector.id !== undefined && selector.id !== device.id) return false;
  if (selector.serialNumber !== undefined && selector.serialNumber !== device.serialNumber) return false;
  return selector.deviceName === undefined || selector.deviceName === device.deviceName;
}

function sendResult(kind: SendResult["kind"], count: number): SendResult {
  const requestId = `graph-${count}`;
  switch (kind) {
    case "accepted":
      return { kind, requestId };
    case "refused":
      return { kind, status: 403, detail: "Forbidden", requestId };
    case "throttled":
      return { kind, detail: "Graph asks to slow down (429)", requestId };
    case "approvalRequired":
      return { kind, approvalRequest: `approval-${count}`, requestId };
    case "signInRequired":
      return { kind, permission: "Some.Permission", signIn: "./dlr login", detail: "403: Forbidden", requestId };
    case "unknown":
      return { kind, detail: "no answer came (ECONNRESET)", requestId: null };
  }
}
