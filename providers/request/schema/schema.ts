import { ACKNOWLEDGEMENTS } from "../../domain/actions/action-table.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { Playbook } from "../../domain/request.ts";
import { BUILT_IN_PLAYBOOKS } from "../built-in-playbooks.ts";
import { POLICIES_SCHEMA } from "./policies-schema.ts";
import { DRAFT, WORD } from "./schema-words.ts";
import { DEVICE_ID, ROW_KEYS, ROW_SCHEMA, SELECTOR_SCHEMA, SERIAL_NUMBER } from "./selector-schema.ts";
import { STEP_SCHEMA, STEPS_SCHEMA } from "./step-schema.ts";

/**
 * Longest reason: Graph takes it as the justification of an approval, base64-encoded in a bounded
 * header.
 */
const MAX_REASON = 1000;

const REQUEST_NAME = {
  type: "string",
  pattern: `^${WORD}$`,
  description: "Unique in the whole folder: lower-case letters, digits and hyphens, at most 63. It becomes the Pulumi resource name.",
  examples: ["leeds-leaver-0042"],
} as const satisfies JsonObject;

/** Whether a request may have this name; members of its list get more behind it. */
export function isRequestName(text: string): boolean {
  return new RegExp(REQUEST_NAME.pattern).test(text);
}

const exactlyOneOf = (...keys: readonly string[]): JsonObject => ({ oneOf: keys.map((key) => ({ required: [key] })) });

/** Any name may stand here; editors complete those that are known. */
function playbookName(own: readonly Playbook[]): JsonObject {
  const known = [...BUILT_IN_PLAYBOOKS, ...own];
  return {
    type: "string",
    description: "A built-in playbook (escrow-bypass-code, unlock, unlock-and-wipe, reset-passcode, retire) or one of devices/playbooks.",
    examples: ["escrow-bypass-code"],
    anyOf: [{ enum: known.map(({ name }) => name), enumDescriptions: known.map(meaningOf) }, { pattern: "" }],
  };
}

function meaningOf({ description, destroysData }: Playbook): string {
  return destroysData ? `${description} (destroys data).` : `${description}.`;
}

const REQUEST_PROPERTIES: JsonObject = {
  name: REQUEST_NAME,
  generation: {
    type: "integer",
    minimum: 1,
    maximum: 1_000_000,
    default: 1,
    description: "Raise it by one to repeat a finished request on purpose.",
    examples: [2],
  },
  device: { $ref: "#/definitions/device" },
  devices: {
    type: "array",
    minItems: 1,
    description: "Several devices: one resource each, named NAME/SERIAL.",
    items: { $ref: "#/definitions/row" },
  },
  devicesFrom: {
    type: "string",
    pattern: "\\.[cC][sS][vV]$",
    description: "A CSV file beside this one, with a column serialNumber or id: one resource for each row.",
    examples: ["summer-return.csv"],
  },
  playbook: playbookName([]),
  steps: { $ref: "#/definitions/steps" },
  reason: {
    type: "string",
    pattern: "\\S",
    maxLength: MAX_REASON,
    description: "Why, for the reviewer and for the record. At most 1000 characters.",
    examples: ["Leaver returned the iPad"],
  },
  ticket: {
    type: "string",
    pattern: "^\\S+( \\S+)*$",
    maxLength: 200,
    description: "Number of the ticket, if there is one.",
    examples: ["INC-4711"],
  },
  expires: {
    type: "string",
    format: "date",
    description: "Last day (UTC) on which this may run, YYYY-MM-DD. Required when a step destroys data.",
  },
  acknowledge: {
    type: "array",
    uniqueItems: true,
    description:
      "What the steps demand: dataLoss (data will be lost), physicalPossession (you hold the device), personalDevice (the company does not own it), noBypassCode (go on without a bypass code).",
    items: { type: "string", enum: ACKNOWLEDGEMENTS, examples: ["dataLoss"] },
    examples: [["dataLoss", "physicalPossession"]],
  },
  repeats: {
    type: "string",
    pattern: `^${WORD}(/[A-Za-z0-9._:()-]+)?$`,
    description: "Name of the older request whose wipe, retire or delete of this device may be repeated.",
    examples: ["leeds-leaver-0042"],
  },
  onDrift: {
    type: "string",
    enum: ["report", "repeat"],
    default: "report",
    description: "What to do when the device has drifted since: report it, or repeat steps that are safe to repeat.",
    examples: ["report"],
  },
};

const REQUEST_SCHEMA: JsonObject = {
  type: "object",
  additionalProperties: false,
  required: ["name", "reason"],
  allOf: [exactlyOneOf("device", "devices", "devicesFrom"), exactlyOneOf("playbook", "steps")],
  description: "What is to be done to one device, or to each device of a list.",
  examples: [
    {
      name: "leeds-leaver-0042",
      device: { serialNumber: "DMPXK2ABCDEF" },
      playbook: "escrow-bypass-code",
      reason: "Leaver returned the iPad",
    },
  ],
  properties: REQUEST_PROPERTIES,
};

const PLAYBOOK_SCHEMA: JsonObject = {
  type: "object",
  additionalProperties: false,
  required: ["name", "steps"],
  description: "A named, ordered list of steps.",
  examples: [{ name: "lock-and-sync", steps: ["remoteLock", "syncDevice"] }],
  properties: {
    name: {
      type: "string",
      pattern: `^${WORD}$`,
      description: "Lower-case letters, digits and hyphens, at most 63; not the name of a built-in playbook.",
      examples: ["loaner-return"],
    },
    description: { type: "string", maxLength: MAX_REASON, description: "What it is for.", examples: ["A loaner comes back"] },
    destroysData: { type: "boolean", description: "Must be true when a step destroys data.", examples: [true] },
    steps: { $ref: "#/definitions/steps" },
  },
};

const REQUESTS_DEFINITIONS: JsonObject = {
  request: REQUEST_SCHEMA,
  device: SELECTOR_SCHEMA,
  row: ROW_SCHEMA,
  steps: STEPS_SCHEMA,
  step: STEP_SCHEMA,
};

/** devices/schema/requests.schema.json */
export const REQUESTS_SCHEMA: JsonObject = {
  $schema: DRAFT,
  title: "Device lifecycle requests",
  description: "A file of devices/requests.",
  type: "object",
  additionalProperties: false,
  required: ["requests"],
  properties: { requests: { type: "array", items: { $ref: "#/definitions/request" }, description: "The requests, in any order." } },
  definitions: REQUESTS_DEFINITIONS,
};

/** devices/schema/playbooks.schema.json */
export const PLAYBOOKS_SCHEMA: JsonObject = {
  $schema: DRAFT,
  title: "Device lifecycle playbooks",
  description: "A file of devices/playbooks.",
  type: "object",
  additionalProperties: false,
  required: ["playbooks"],
  properties: { playbooks: { type: "array", items: { $ref: "#/definitions/playbook" }, description: "The playbooks, in any order." } },
  definitions: { playbook: PLAYBOOK_SCHEMA, steps: STEPS_SCHEMA, step: STEP_SCHEMA },
};

/** devices/schema/csv.schema.json */
export const CSV_SCHEMA: JsonObject = {
  $schema: DRAFT,
  title: "Device list (CSV)",
  description: "One row of a CSV file that devicesFrom names: UTF-8, separated by commas, with a header. Other columns are ignored.",
  type: "object",
  properties: { serialNumber: SERIAL_NUMBER, id: DEVICE_ID },
  oneOf: ROW_KEYS.map((key) => ({ required: [key] })),
};

/**
 * The committed schema files by name; `own` are the user's playbooks, for editors to complete. `npm
 * run validate -- --write-schemas` writes them.
 */
export function schemaFiles(own: readonly Playbook[]): Readonly<Record<string, JsonObject>> {
  const request = { ...REQUEST_SCHEMA, properties: { ...REQUEST_PROPERTIES, playbook: playbookName(own) } };
  return {
    "requests.schema.json": { ...REQUESTS_SCHEMA, definitions: { ...REQUESTS_DEFINITIONS, request } },
    "playbooks.schema.json": PLAYBOOKS_SCHEMA,
    "csv.schema.json": CSV_SCHEMA,
    "policies.schema.json": POLICIES_SCHEMA,
  };
}
