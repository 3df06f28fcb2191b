import type { RemoteAction } from "../../../providers/domain/actions/action-table.ts";
import { findRemoteAction } from "../../../providers/domain/actions/action-table.ts";
import { ConfigurationError } from "../../../providers/domain/errors.ts";
import type { JsonObject } from "../../../providers/domain/json.ts";
import { type ActionState, normalizeSerial } from "../../../providers/domain/managed-device.ts";
import { applyEffect, findingOf } from "../actions/action-effects.ts";
import type { ForcedResult } from "../actions/forced-result.ts";
import type { RouteParameters } from "../routes.ts";
import { bypassCodeFrom, guidFrom } from "./derive.ts";
import { createDevice, type DeviceState, devicePlatform, hasBypassCode, isSupervisedDevice, type PendingAction } from "./device-state.ts";
import type { EmulatedDevice } from "./emulated-device.ts";
import { graphTime, growingTimes } from "./timestamps.ts";

/**
 * Names that Intune uses in results where they are not the action's own (the words of its audit of
 * remote actions).
 */
const RESULT_NAMES: Readonly<Record<string, (parameters: JsonObject) => string>> = {
  wipe: ({ keepEnrollmentData }) => (keepEnrollmentData === true ? "factoryResetKeepEnrollmentData" : "factoryReset"),
  retire: () => "removeCompanyData",
  windowsDefenderScan: ({ quickScan }) => (quickScan === true ? "quickScan" : "fullScan"),
  updateWindowsDeviceAccount: () => "updateDeviceAccount",
};

/** An action that the device is to perform; `elsewhere` is one that another administrator sent. */
export interface AcceptedAction {
  readonly action: RemoteAction;
  readonly parameters: JsonObject;
  readonly clientRequestId: string | null;
  readonly source: "graph" | "elsewhere";
  /** How it ends, whatever the device's settings say. */
  readonly forced?: ForcedResult;
}

/**
 * All devices, in Intune and gone, and what becomes of them over time. Looking at a device first
 * lets happen what is due.
 */
export class DeviceStore {
  readonly #devices: DeviceState[] = [];
  readonly #byId = new Map<string, DeviceState>();
  readonly #clock: () => number;
  readonly #checkInDelayMs: number;
  readonly #nextTime: () => string;

  constructor(devices: readonly EmulatedDevice[], options: { readonly clock: () => number; readonly checkInDelayMs: number }) {
    this.#clock = options.clock;
    this.#checkInDelayMs = options.checkInDelayMs;
    this.#nextTime = growingTimes(options.clock);
    const occurrences = new Map<string, number>();
    for (const given of devices) {
      const serial = typeof given.serialNumber === "string" ? given.serialNumber : "";
      const occurrence = (occurrences.get(serial) ?? 0) + 1;
      occurrences.set(serial, occurrence);
      this.#add(createDevice(given, occurrence));
    }
    for (const device of this.#devices) this.#startPending(device);
  }

  /** Every device that Intune shows now. */
  present(): readonly DeviceState[] {
    return this.all().filter((device) => device.present);
  }

  all(): readonly DeviceState[] {
    for (const device of this.#devices) this.#settle(device);
    return this.#devices;
  }

  /** By id in either case, gone devices included. */
  byId(id: string): DeviceState | undefined {
    const device = this.#byId.get(id.toLowerCase());
    if (device !== undefined) this.#settle(device);
    return device;
  }

  /**
   * The one device of this id or serial number, gone devices included; throws when there is none,
   * or several.
   */
  named(idOrSerial: string): DeviceState {
    const byId = this.byId(idOrSerial);
    if (byId !== undefined) return byId;
    const found = this.all().filter((device) => isNamed(device, idOrSerial));
    const [first, second] = found;
    if (first === undefined) throw new ConfigurationError(`the emulator has no device ${idOrSerial}`);
    if (second !== undefined)
      throw new ConfigurationError(`${found.length} devices have the serial number ${idOrSerial}: name one by its id`);
    return first;
  }

  /** The device that a path leads to, or undefined when any part of the path does not fit. */
  byPath(path: RouteParameters): DeviceState | undefined {
    const host = path.runState === undefined ? undefined : this.#byRunState(path);
    if (path.runState !== undefined && host === undefined) return undefined;
    if (path.device === undefined) return host;
    const device = this.byId(path.device);
    if (device === undefined || !device.present || !this.#fits(device, path)) return undefined;
    return host === undefined || path.app === undefined || hasApp(host, path.app) ? device : undefined;
  }

  /** Devices of a collection path; undefined when the user or app that it names is not known. */
  byCollection(path: RouteParameters): readonly DeviceState[] | undefined {
    const known = this.all();
    const { user, app } = path;
    if (user !== undefined && !known.some((device) => isUsedBy(device, user))) return undefined;
    if (app !== undefined && !known.some((device) => hasApp(device, app))) return undefined;
    return known.filter((device) => device.present && this.#fits(device, path));
  }

  accept(device: DeviceState, accepted: AcceptedAction): PendingAction {
    const { action, parameters, clientRequestId, source } = accepted;
    const now = this.#clock();
    const ending = accepted.forced ?? endingOf(device, action);
    const pending: PendingAction = {
      action,
      parameters,
      startedAt: now,
      startDateTime: this.#nextTime(),
      settled: false,
      actionName: device.settings.resultNames?.[action.name] ?? RESULT_NAMES[action.name]?.(parameters) ?? action.name,
      dueAt: ending === "never" ? Number.POSITIVE_INFINITY : now + this.#delayOf(device, action),
      ending: ending === "never" || ending === "silent" ? "done" : ending,
      isSilent: ending === "silent",
      finding: findingOf(device, action.name),
    };
    device.received.push({ action: action.name, parameters, at: now, clientRequestId, source });
    device.actions.push(pending);
    return pending;
  }

  /** Intune hides a deleted device at once; everything else waits for the device to check in. */
  #delayOf(device: DeviceState, action: RemoteAction): number {
    return action.method === "DELETE" ? 0 : (device.settings.checkInDelayMs ?? this.#checkInDelayMs);
  }

  /** Everything under way on the device comes to its end now, also what would never have. */
  checkIn(device: DeviceState): void {
    const now = this.#clock();
    for (const action of device.actions) action.dueAt = Math.min(action.dueAt, now);
    this.#settle(device);
  }

  /** The device makes a new bypass code, as it does when Find My is turned on again. */
  rotateCode(device: DeviceState): void {
    device.codes += 1;
    device.bypassCode = bypassCodeFrom(`${device.serialNumber ?? device.id}/${device.id}/${device.codes}`);
    device.activationLock = true;
  }

  /**
   * The device is set up again: back in Intune with a new time of enrolment, a new code where it
   * makes one, and a new id unless `keepId`. Actions that were still pending survive, as they do in
   * Intune.
   */
  reenrol(device: DeviceState, options: { readonly keepId?: boolean } = {}): void {
    device.enrolments += 1;
    if (options.keepId !== true) {
      this.#byId.delete(device.id.toLowerCase());
      device.id = guidFrom(`device:${device.serialNumber}/${device.enrolments}`);
      this.#byId.set(device.id.toLowerCase(), device);
    }
    device.present = true;
    device.actions = device.actions.filter((action) => !action.settled);
    device.properties.enrolledDateTime = graphTime(this.#clock());
    if (hasBypassCode(device)) this.rotateCode(device);
  }

  #add(device: DeviceState): void {
    const id = device.id.toLowerCase();
    if (this.#byId.has(id)) throw new ConfigurationError(`two emulated devices have the id ${device.id}`);
    this.#byId.set(id, device);
    this.#devices.push(device);
  }

  #startPending(device: DeviceState): void {
    for (const name of device.settings.pendingActions ?? []) {
      const action = findRemoteAction(name);
      if (action === undefined) throw new ConfigurationError(`no action is named ${name}`);
      this.accept(device, { action, parameters: {}, clientRequestId: null, source: "elsewhere" });
    }
  }

  #settle(device: DeviceState): void {
    const now = this.#clock();
    for (const action of device.actions) {
      if (action.settled || now < action.dueAt) continue;
      action.settled = true;
      applyEffect(device, action);
    }
  }

  #byRunState(path: RouteParameters): DeviceState | undefined {
    return this.present().find((device) =>
      device.settings.deviceRunStates?.some((state) => state.script === path.script && state.runState === path.runState),
    );
  }

  #fits(device: DeviceState, path: RouteParameters): boolean {
    const { user, app, viaDevice } = path;
    if (user !== undefined && !isUsedBy(device, user)) return false;
    if (viaDevice === undefined) return app === undefined || hasApp(device, app);
    const via = this.byId(viaDevice);
    return via?.present === true && (app === undefined || hasApp(via, app)) && (user === undefined || isUsedBy(via, user));
  }
}

/** By id in either case, or by serial number in either case and whatever its spaces. */
export function isNamed(device: Pick<DeviceState, "id" | "serialNumber">, idOrSerial: string): boolean {
  if (device.id.toLowerCase() === idOrSerial.toLowerCase()) return true;
  return device.serialNumber !== null && normalizeSerial(device.serialNumber) === normalizeSerial(idOrSerial);
}

function endingOf(device: DeviceState, action: RemoteAction): ActionState | ForcedResult {
  const forced = device.settings.results?.[action.name];
  if (forced !== undefined) return forced;
  const platform = devicePlatform(device);
  if (platform === null || !action.platforms.includes(platform)) return "notSupported";
  if (action.supervisedOn.includes(platform) && !isSupervisedDevice(device)) return "notSupported";
  const withoutPolicy = action.name === "resetPasscode" && platform === "Android" && device.settings.passcodePolicy === false;
  return withoutPolicy ? "failed" : "done";
}

function isUsedBy(device: DeviceState, user: string): boolean {
  const { userId, userPrincipalName } = device.properties;
  return [userId, userPrincipalName].some((name) => typeof name === "string" && name.toLowerCase() === user.toLowerCase());
}

function hasApp(device: DeviceState, app: string): boolean {
  return device.settings.detectedApps?.some((installed) => installed.id.toLowerCase() === app.toLowerCase()) === true;
}
