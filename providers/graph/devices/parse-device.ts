import { printable } from "../../domain/diagnostic.ts";
import { GraphReadError } from "../../domain/errors.ts";
import { isObject } from "../../domain/json.ts";
import { ACTION_STATES, type ActionState, type DeviceActionResult, type ManagedDevice } from "../../domain/managed-device.ts";
import { Redacted } from "../../domain/redacted.ts";
import { RESULT_SECRETS } from "../../domain/secret-kinds.ts";
import { isAddressable } from "../client/urls.ts";

/** A device as Graph gave it, with the one fact that only look-ups need. */
export interface DirectoryEntry {
  readonly device: ManagedDevice;
  /** Object id of the device's user. */
  readonly userId: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Throws `GraphReadError` that names the property and what was expected; never what stood there.
 */
export function parseDevice(value: unknown): DirectoryEntry {
  if (!isObject(value)) throw unexpected("a managedDevice", "an object");
  const id = deviceId(value);
  return {
    userId: text(value, "userId"),
    device: {
      id,
      serialNumber: fact(value, "serialNumber"),
      deviceName: fact(value, "deviceName"),
      operatingSystem: fact(value, "operatingSystem"),
      osVersion: fact(value, "osVersion"),
      isSupervised: flag(value, "isSupervised"),
      managedDeviceOwnerType: fact(value, "managedDeviceOwnerType"),
      managementState: fact(value, "managementState"),
      userPrincipalName: fact(value, "userPrincipalName"),
      deviceCategoryDisplayName: fact(value, "deviceCategoryDisplayName"),
      manufacturer: fact(value, "manufacturer"),
      model: fact(value, "model"),
      deviceEnrollmentType: fact(value, "deviceEnrollmentType"),
      managementAgent: fact(value, "managementAgent"),
      enrolledDateTime: instant(value, "enrolledDateTime"),
      lastSyncDateTime: instant(value, "lastSyncDateTime"),
      deviceActionResults: actionResults(value.deviceActionResults),
    },
  };
}

/** Which device it is, and nothing else of it. */
export function parseDeviceId(value: unknown): string {
  if (!isObject(value)) throw unexpected("a managedDevice", "an object");
  return deviceId(value);
}

/**
 * The code of one device; null when there is none. A missing property is an error: "no code" must
 * be said, not guessed.
 */
export function parseBypassCode(value: unknown): { readonly id: string; readonly code: Redacted<string> | null } {
  if (!isObject(value)) throw unexpected("a managedDevice", "an object");
  const id = deviceId(value);
  const code = value.activationLockBypassCode;
  if (code === null) return { id, code: null };
  if (typeof code !== "string") throw unexpected("activationLockBypassCode", "text or null");
  if (code.trim() === "") return { id, code: null };
  if (!isCode(code)) throw unexpected("activationLockBypassCode", "a bypass code: letters and digits, in groups");
  return { id, code: new Redacted(code) };
}

/** A mask such as `***` is in no escrow of use: nobody could unlock a device with it. */
function isCode(text: string): boolean {
  return /^[0-9a-z]+(?:[- ][0-9a-z]+)*$/i.test(text.trim());
}

/** Throws for an id that could not stand as one segment of an address, where it goes. */
function deviceId(value: Fields): string {
  const id = text(value, "id");
  if (id === null || !isAddressable({ kind: "managedDevices" }, id)) throw unexpected("id", "the id of a device");
  return id;
}

function actionResults(value: unknown): readonly DeviceActionResult[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw unexpected("deviceActionResults", "a list");
  return value.map(actionResult);
}

function actionResult(value: unknown): DeviceActionResult {
  if (!isObject(value)) throw unexpected("deviceActionResults", "a list of objects");
  const [secret = null] = RESULT_SECRETS.flatMap(({ kind }) => text(value, kind) ?? []);
  return {
    actionName: text(value, "actionName") ?? "",
    actionState: actionState(text(value, "actionState")),
    startDateTime: ownTime(value, "startDateTime"),
    lastUpdatedDateTime: ownTime(value, "lastUpdatedDateTime"),
    ...(secret === null ? {} : { secret: new Redacted(secret) }),
  };
}

/**
 * Graph adds members to its enumerations, such as `awaitingAdminAction`: one that is not known may
 * be under way.
 */
function actionState(value: string | null): ActionState {
  return value === null ? "none" : (ACTION_STATES.find((state) => state === value) ?? "unknown");
}

/** Absent, null and "" are the same to Graph. */
function text(fields: Fields, name: string): string | null {
  const value = fields[name];
  if (value === null || value === undefined || value === "") return null;
  if (typeof value !== "string") throw unexpected(name, "text");
  return value;
}

/** Text that the device chose, such as its name, made harmless for people and logs. */
function fact(fields: Fields, name: string): string | null {
  const value = text(fields, name);
  return value === null ? null : printable(value);
}

function flag(fields: Fields, name: string): boolean | null {
  const value = fields[name];
  if (value === null || value === undefined) return null;
  if (typeof value !== "boolean") throw unexpected(name, "true or false");
  return value;
}

/** "0001-01-01T00:00:00Z" is how Graph says never. */
function isNever(milliseconds: number): boolean {
  return new Date(milliseconds).getUTCFullYear() <= 1;
}

/** One spelling for one instant, since it names an enrolment: `2025-03-01T09:30:00.000Z`. */
function instant(fields: Fields, name: string): string | null {
  const milliseconds = parsed(fields, name);
  return milliseconds === null || isNever(milliseconds) ? null : new Date(milliseconds).toISOString();
}

/**
 * Times of results stay as Graph wrote them, with all their digits: two runs of an action may start
 * in one millisecond.
 */
function ownTime(fields: Fields, name: string): string | null {
  const milliseconds = parsed(fields, name);
  return milliseconds === null || isNever(milliseconds) ? null : text(fields, name);
}

function parsed(fields: Fields, name: string): number | null {
  const value = text(fields, name);
  if (value === null) return null;
  const milliseconds = /^\d{4}-\d{2}-\d{2}T/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw unexpected(name, "an ISO 8601 date and time");
  return milliseconds;
}

/** For an answer with another shape than documented; nothing is guessed from it. */
export function unexpected(name: string, expected: string): GraphReadError {
  return new GraphReadError(`Graph's answer has another form than expected: ${name} should be ${expected}`, {
    hint: "this may be a proxy on the way, or a change of Graph's: nothing was done",
  });
}
