import type { RemoteAction } from "../../../providers/domain/actions/action-table.ts";
import type { JsonObject, JsonValue } from "../../../providers/domain/json.ts";
import { type ActionState, isSupervised, isSupervisedApple, type Platform, platformOf } from "../../../providers/domain/managed-device.ts";
import { bypassCodeFrom, guidFrom } from "./derive.ts";
import { fillIn } from "./device-defaults.ts";
import type { DeviceSettings, EmulatedDevice } from "./emulated-device.ts";

/** A passcode, a PIN or a place: one more property of a result, of a type of its own. */
export interface Finding {
  readonly type: string;
  readonly property: string;
  readonly value: JsonValue;
}

/**
 * One action that the device was told to do, and how it goes: a timeline that is computed when
 * somebody looks.
 */
export interface PendingAction {
  readonly action: RemoteAction;
  readonly parameters: JsonObject;
  readonly actionName: string;
  /** As Graph shows it; unique and growing over all actions. */
  readonly startDateTime: string;
  readonly startedAt: number;
  /** Infinity for a device that never checks in; pulled forward by `checkIn`. */
  dueAt: number;
  readonly ending: ActionState;
  /** Neither a result nor `managementState` tells of it. */
  readonly isSilent: boolean;
  /** What the result says besides, once it is done. */
  readonly finding: Finding | null;
  /** Its effect on the device has happened. */
  settled: boolean;
}

/** A call that changed something, in the order in which it was accepted. */
export interface ReceivedAction {
  readonly action: string;
  readonly parameters: JsonObject;
  readonly at: number;
  readonly clientRequestId: string | null;
  /** `elsewhere`: another administrator, in the portal. */
  readonly source: "graph" | "elsewhere";
}

/** One device, in Intune or gone from it. Only the emulator's own rooms change it. */
export interface DeviceState {
  id: string;
  readonly serialNumber: string | null;
  readonly settings: DeviceSettings;
  /** Graph's properties, but for those that follow from the other fields. */
  readonly properties: Record<string, JsonValue>;
  /** Results that the device file gave: they never change. */
  readonly givenResults: readonly JsonObject[];
  present: boolean;
  bypassCode: string | null;
  activationLock: boolean;
  actions: PendingAction[];
  readonly received: ReceivedAction[];
  /** How often its data was erased. */
  erased: number;
  enrolments: number;
  codes: number;
}

/** `occurrence` counts devices of the same serial number, from 1. */
export function createDevice(given: EmulatedDevice, occurrence: number): DeviceState {
  const { "x-emulator": settings = {}, ...rest } = given;
  const properties: Record<string, JsonValue> = { ...fillIn(plain(rest)) };
  const serialNumber = typeof properties.serialNumber === "string" ? properties.serialNumber : null;
  const id = typeof properties.id === "string" ? properties.id : guidFrom(`device:${serialNumber}#${occurrence}`);
  const bypassCode = initialCode(properties, `${serialNumber ?? id}#${occurrence}`);
  const givenResults = Array.isArray(properties.deviceActionResults) ? (properties.deviceActionResults as readonly JsonObject[]) : [];
  const activationLock = settings.activationLock ?? bypassCode !== null;
  return {
    id,
    serialNumber,
    settings,
    properties,
    givenResults,
    bypassCode,
    activationLock,
    present: true,
    actions: [],
    received: [],
    erased: 0,
    enrolments: 1,
    codes: 1,
  };
}

/** Null for an operating system that the product does not know. */
export function devicePlatform(device: DeviceState): Platform | null {
  return platformOf(facts(device));
}

/** Devices that make a bypass code when they are set up. */
export function hasBypassCode(device: Pick<DeviceState, "properties">): boolean {
  return isSupervisedApple(facts(device));
}

/** By the product's own rule: supervision that is not told counts as there. */
export function isSupervisedDevice(device: Pick<DeviceState, "properties">): boolean {
  return isSupervised(facts(device));
}

/** A text property, or null. */
function textOf(device: Pick<DeviceState, "properties">, name: string): string | null {
  const value = device.properties[name];
  return typeof value === "string" ? value : null;
}

function facts(device: Pick<DeviceState, "properties">) {
  const { isSupervised } = device.properties;
  return {
    operatingSystem: textOf(device, "operatingSystem"),
    model: textOf(device, "model"),
    deviceEnrollmentType: textOf(device, "deviceEnrollmentType"),
    isSupervised: typeof isSupervised === "boolean" ? isSupervised : null,
  };
}

function initialCode(properties: Record<string, JsonValue>, seed: string): string | null {
  const given = properties.activationLockBypassCode;
  if (typeof given === "string") return given;
  return given === undefined && hasBypassCode({ properties }) ? bypassCodeFrom(`${seed}/1`) : null;
}

function plain(given: Readonly<Record<string, unknown>>): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined));
}
