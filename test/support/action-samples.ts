import { type RemoteAction, requiredParameters } from "../../providers/domain/actions/action-table.ts";
import { isObject, type JsonObject, type JsonValue } from "../../providers/domain/json.ts";
import type { ManagedDevice, Platform } from "../../providers/domain/managed-device.ts";
import { ANDROID, IPAD, MAC, WINDOWS } from "./fakes-devices.ts";

/** A value that each parameter of an action takes: its example, or the first that is allowed. */
export function everyParameter(action: RemoteAction): JsonObject {
  return Object.fromEntries(Object.entries(action.parameters.properties).map(([name, schema]) => [name, sampleOf(schema)]));
}

/** The least that Graph takes. */
export function neededParameters(action: RemoteAction): JsonObject {
  const every = everyParameter(action);
  return Object.fromEntries(requiredParameters(action).map((name) => [name, every[name] ?? null]));
}

function sampleOf(schema: JsonValue): JsonValue {
  if (!isObject(schema)) return true;
  const [example] = [...listOf(schema.examples), ...listOf(schema.enum)];
  return example ?? true;
}

function listOf(value: unknown): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

const SAMPLES: Readonly<Partial<Record<Platform, ManagedDevice>>> = { Android: ANDROID, macOS: MAC, Windows: WINDOWS };

/**
 * A device of the company's on which the action works: supervised, up to date, of its first
 * platform.
 */
export function deviceFor(action: Pick<RemoteAction, "platforms">): ManagedDevice {
  const [platform = "iPadOS"] = action.platforms;
  const like = SAMPLES[platform] ?? { ...IPAD, operatingSystem: platform, model: platform };
  return { ...like, osVersion: "99.0", isSupervised: true, managedDeviceOwnerType: "company" };
}
