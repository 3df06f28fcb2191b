import type { JsonObject } from "../json.ts";
import { type ManagedDevice, type Platform, platformOf } from "../managed-device.ts";

/**
 * Something that a page of Microsoft's says of an action on some devices, and that nothing refuses:
 * the preview warns of it.
 */
export interface Caution {
  readonly devices: CautionedDevices;
  /** It says nothing of a call that sets this parameter. */
  readonly unlessParameter?: string;
  /** It says nothing where this action stands before it in the plan. */
  readonly unlessAfter?: string;
  /** What happens, as a sentence without its subject: "fails on …". */
  readonly text: string;
  /** The page that says so. */
  readonly source: string;
}

/**
 * Which devices: all members that are given have to fit. The words are those of Graph's
 * enumerations, and case does not count.
 */
export interface CautionedDevices {
  readonly platforms: readonly Platform[];
  /** `managedDeviceOwnerType`; an owner whom Graph does not tell fits both. */
  readonly owner?: "company" | "personal";
  /** `deviceEnrollmentType`. */
  readonly enrolments?: readonly string[];
  /** `managementAgent`. */
  readonly agents?: readonly string[];
  readonly manufacturers?: readonly string[];
}

/** What a caution is asked about. */
export interface CautionedCall {
  readonly device: ManagedDevice;
  readonly parameters: JsonObject;
  /** Actions that stand before it in the plan. */
  readonly before: readonly string[];
}

/** True where the caution is about this call. */
export function cautions({ devices, unlessParameter, unlessAfter }: Caution, { device, parameters, before }: CautionedCall): boolean {
  if (unlessParameter !== undefined && Object.hasOwn(parameters, unlessParameter)) return false;
  if (unlessAfter !== undefined && before.includes(unlessAfter)) return false;
  return isAbout(devices, device);
}

function isAbout({ platforms, owner, enrolments, agents, manufacturers }: CautionedDevices, device: ManagedDevice): boolean {
  const platform = platformOf(device);
  if (platform === null || !platforms.includes(platform)) return false;
  if (owner !== undefined && isAnother(owner, device.managedDeviceOwnerType)) return false;
  return has(enrolments, device.deviceEnrollmentType) && has(agents, device.managementAgent) && has(manufacturers, device.manufacturer);
}

function isAnother(owner: "company" | "personal", told: string | null): boolean {
  const word = told?.toLowerCase();
  return word !== owner && (word === "company" || word === "personal");
}

function has(words: readonly string[] | undefined, told: string | null): boolean {
  return words === undefined || words.some((word) => word.toLowerCase() === told?.toLowerCase());
}
