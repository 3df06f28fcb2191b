import type { Redacted } from "./redacted.ts";

/**
 * What the product reads of a Graph `managedDevice`, names kept. Absent facts are null, never
 * guessed.
 * Source: https://learn.microsoft.com/graph/api/resources/intune-devices-manageddevice
 */
export interface ManagedDevice {
  readonly id: string;
  readonly serialNumber: string | null;
  readonly deviceName: string | null;
  readonly operatingSystem: string | null;
  readonly osVersion: string | null;
  readonly isSupervised: boolean | null;
  readonly managedDeviceOwnerType: string | null;
  readonly managementState: string | null;
  readonly userPrincipalName: string | null;
  readonly deviceCategoryDisplayName: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly deviceEnrollmentType: string | null;
  /** What manages it beside Intune's MDM, such as Configuration Manager. */
  readonly managementAgent: string | null;
  /** ISO 8601, UTC. Together with `id` it names one enrolment. */
  readonly enrolledDateTime: string | null;
  readonly lastSyncDateTime: string | null;
  readonly deviceActionResults: readonly DeviceActionResult[];
  /**
   * What time it was for Graph when it said so: ISO 8601, UTC; absent where its answer does not
   * tell.
   */
  readonly graphTime?: string;
}

/** One entry of `deviceActionResults`; times are Graph's own, ISO 8601. */
export interface DeviceActionResult {
  readonly actionName: string;
  readonly actionState: ActionState;
  readonly startDateTime: string | null;
  readonly lastUpdatedDateTime: string | null;
  /** A passcode or PIN that Graph hands back in the result. */
  readonly secret?: Redacted<string>;
}

/**
 * Graph's own words, and `unknown` for one that is new to us: it ends no step, and does not count
 * as `none`.
 */
export const ACTION_STATES = ["none", "pending", "canceled", "active", "done", "failed", "notSupported", "unknown"] as const;

/**
 * Where one action stands on the device; `done`, `failed`, `canceled` and `notSupported` are its
 * end.
 */
export type ActionState = (typeof ACTION_STATES)[number];

/** The facts of a device that state keeps. */
export type DeviceFacts = Pick<
  ManagedDevice,
  "id" | "serialNumber" | "deviceName" | "operatingSystem" | "osVersion" | "isSupervised" | "userPrincipalName" | "enrolledDateTime"
>;

/** Leaves out what state does not keep, such as the results, which may carry a secret. */
export function deviceFacts(device: ManagedDevice): DeviceFacts {
  const { id, serialNumber, deviceName, operatingSystem, osVersion, isSupervised, userPrincipalName, enrolledDateTime } = device;
  return { id, serialNumber, deviceName, operatingSystem, osVersion, isSupervised, userPrincipalName, enrolledDateTime };
}

/** Platforms as the action table and the rules speak of them. */
export const PLATFORMS = ["iOS", "iPadOS", "macOS", "tvOS", "visionOS", "Android", "Windows", "ChromeOS", "Linux"] as const;

/**
 * Told from `operatingSystem` and `model` by `platformOf`: Graph has no property with these words.
 */
export type Platform = (typeof PLATFORMS)[number];

/**
 * Graph says `operatingSystem` in many spellings ("iOS", "iPadOS", "Mac OS X", "Windows 10"); null
 * is a platform that no rule knows.
 */
export function platformOf(device: Pick<ManagedDevice, "operatingSystem" | "model">): Platform | null {
  const name = (device.operatingSystem ?? "").toLowerCase().replaceAll(/[^a-z]/g, "");
  if (name === "ios" && /^ipad/i.test(device.model ?? "")) return "iPadOS";
  return PLATFORM_PREFIXES.find(([prefix]) => name.startsWith(prefix))?.[1] ?? null;
}

const PLATFORM_PREFIXES: readonly (readonly [string, Platform])[] = [
  ["ipados", "iPadOS"],
  ["ios", "iOS"],
  ["iphoneos", "iOS"],
  ["mac", "macOS"],
  ["tvos", "tvOS"],
  ["visionos", "visionOS"],
  ["android", "Android"],
  ["aosp", "Android"],
  ["windows", "Windows"],
  ["chrome", "ChromeOS"],
  ["linux", "Linux"],
  ["ubuntu", "Linux"],
];

type LockFacts = Pick<ManagedDevice, "operatingSystem" | "model" | "isSupervised" | "deviceEnrollmentType">;

/** Devices that Activation Lock can hold, so that a bypass code may exist. */
export function isSupervisedApple(device: LockFacts): boolean {
  const platform = platformOf(device);
  return (platform === "iOS" || platform === "iPadOS" || platform === "macOS") && isSupervised(device);
}

/**
 * Supervision that Graph does not tell counts as supervised. A Mac is supervised by the way in
 * which it was enrolled.
 */
export function isSupervised(device: LockFacts): boolean {
  if (platformOf(device) === "macOS") return device.isSupervised === true || isAutomatedEnrolment(device) || isUnknown(device);
  return device.isSupervised !== false;
}

/** The members `unknown` and `unknownFutureValue` of an enumeration count as not told. */
function isUnknown({ isSupervised, deviceEnrollmentType }: LockFacts): boolean {
  return isSupervised === null && (deviceEnrollmentType === null || /^unknown/i.test(deviceEnrollmentType));
}

function isAutomatedEnrolment(device: LockFacts): boolean {
  return /appleBulkWith/i.test(device.deviceEnrollmentType ?? "");
}

/** Serial numbers come with spaces and in either case; ids are GUIDs in either case. */
export function normalizeSerial(serial: string): string {
  return serial.replaceAll(/\s+/g, "").toUpperCase();
}

/**
 * What vendors, inventories and people write where there is no serial number, in letters and digits
 * alone: it names nothing.
 */
const GENERIC_SERIALS = new Set([
  "",
  ..."NONE NA NIL NULL NULLSTRING NOTAPPLICABLE NOTAVAILABLE NOTSPECIFIED NOTSET NOTFOUND NOSERIAL NOSERIALNUMBER".split(" "),
  ..."UNKNOW UNKNOWN UNDEFINED UNSPECIFIED INVALID EMPTY BLANK TBA TBD DEFAULT DEFAULTSTRING EVAL OEM OEMSERIAL".split(" "),
  ..."SERIAL SERIALNUMBER SYSTEMSERIAL SYSTEMSERIALNUMB SYSTEMSERIALNUMBER CHASSISSERIALNUMBER BASEBOARDSERIALNUMBER".split(" "),
  ..."TOBEFILLED TOBEFILLEDBYOEM FILLBYOEM FILLEDBYOEM".split(" "),
]);

/** One sign over and over, or digits in their order. */
const GENERIC_PATTERN = /^(?:0+|(.)\1{4,}|(?:SN|SYS|MB)?0?12345(?:6(?:7(?:8(?:90*)?)?)?)?|12345678901?2?|9876543210?)$/;

/**
 * True for a text such as `0` or `To be filled by O.E.M.`, which many devices share and no request
 * may name.
 */
export function isGenericSerial(serial: string): boolean {
  const bare = serial.toUpperCase().replaceAll(/[^A-Z0-9]/g, "");
  return GENERIC_SERIALS.has(bare) || GENERIC_PATTERN.test(bare);
}

/** A device as people tell it apart. */
export function describeDevice(device: Pick<ManagedDevice, "id" | "deviceName" | "serialNumber">): string {
  return `${device.deviceName ?? "device without a name"} (serial ${device.serialNumber ?? "unknown"}, id ${device.id})`;
}
