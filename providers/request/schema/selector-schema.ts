import type { JsonObject } from "../../domain/json.ts";

/**
 * A serial number as vendors print it. Spaces do not count; quotes, slashes and other signs never
 * occur and are refused.
 */
export const SERIAL_NUMBER = {
  type: "string",
  pattern: "^ *[A-Za-z0-9][A-Za-z0-9 ._()-]*$",
  maxLength: 64,
  description: "Serial number as Intune shows it. Spaces and case do not count. Quote it when it has digits only.",
  examples: ["DMPXK2ABCDEF"],
} as const satisfies JsonObject;

const GRAPH_ID = { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._:-]*$", maxLength: 200 } as const;

/** Any id that Graph may give: it is a GUID today, and documented as a text. */
export const DEVICE_ID = {
  ...GRAPH_ID,
  description: "Intune device id (not the Entra device id).",
  examples: ["9b2c1f6e-5a0d-4d0c-8c57-2f1f0f5f7a10"],
} as const satisfies JsonObject;

const PATH_KEYS = {
  user: {
    type: "string",
    pattern: "^(?!\\.+$)(?:(?![/\\\\?%])[!-~])+$",
    maxLength: 200,
    description: "User principal name or object id: Graph is asked through this user's devices.",
    examples: ["mia@contoso.com"],
  },
  detectedApp: {
    ...GRAPH_ID,
    description: "Id of a detected app: Graph is asked through the devices that have it.",
    examples: ["0000a1b2c3d4"],
  },
  deviceRunState: {
    type: "object",
    additionalProperties: false,
    required: ["script", "runState"],
    description: "A run of a device management script: Graph is asked through the device that it ran on.",
    examples: [{ script: "SCRIPT-ID", runState: "RUN-ID" }],
    properties: {
      script: { ...GRAPH_ID, description: "Id of the script.", examples: ["3a1f2b4c-0d5e-4f60-8a7b-9c0d1e2f3a4b"] },
      runState: { ...GRAPH_ID, description: "Id of the run.", examples: ["3a1f2b4c-0d5e-4f60-8a7b-9c0d1e2f3a4b:5c6d7e8f"] },
    },
  },
} as const satisfies JsonObject;

/** What a device can be named by, the plainest first. */
export const NAME_KEYS = ["serialNumber", "id", "deviceName"] as const;
/**
 * What a row of a list can be named by: the resource is named after it, and users can change a
 * device's name.
 */
export const ROW_KEYS = ["serialNumber", "id"] as const;

const needs = (key: string): JsonObject => ({ required: [key] });
const never = (...keys: readonly string[]): JsonObject => ({ not: { anyOf: keys.map(needs) } });

const atMostOneName = {
  serialNumber: never("id", "deviceName"),
  id: never("serialNumber", "deviceName"),
  deviceName: never("serialNumber", "id"),
} as const satisfies JsonObject;

/** The key `device`: one name, or a path that leads to one device. */
export const SELECTOR_SCHEMA = {
  type: "object",
  additionalProperties: false,
  description: "The one device that is meant. It must match exactly one.",
  examples: [{ serialNumber: "DMPXK2ABCDEF" }],
  properties: {
    serialNumber: SERIAL_NUMBER,
    id: DEVICE_ID,
    deviceName: {
      type: "string",
      pattern: "^\\S(.*\\S)?$",
      maxLength: 255,
      description: "Device name, for steps that destroy nothing: users can change it.",
      examples: ["Mia's iPad"],
    },
    ...PATH_KEYS,
  },
  anyOf: [...NAME_KEYS.map(needs), { required: ["deviceRunState"], ...never("detectedApp") }],
  dependencies: { ...atMostOneName, user: never("deviceRunState") },
} as const satisfies JsonObject;

/**
 * A member of the key `devices`, and a row of a CSV file; a list names devices by serial number or
 * id alone.
 */
export const ROW_SCHEMA = {
  type: "object",
  additionalProperties: false,
  description: "One device of the list, by serialNumber or id.",
  examples: [{ serialNumber: "DMPXK2ABCDEF" }],
  properties: { serialNumber: SERIAL_NUMBER, id: DEVICE_ID, ...PATH_KEYS },
  anyOf: ROW_KEYS.map(needs),
  dependencies: { serialNumber: never("id"), user: never("deviceRunState") },
} as const satisfies JsonObject;
