import { REMOTE_ACTIONS } from "../../providers/domain/actions/action-table.ts";
import { FORCED_RESULTS } from "./actions/forced-result.ts";
import { APPROVAL_DECISIONS } from "./devices/emulated-device.ts";
import { ERROR_SHAPES } from "./faults/error-answer.ts";
import { CALL_KINDS } from "./faults/fault-spec.ts";

type Schema = Readonly<Record<string, unknown>>;

const ACTION_NAMES = REMOTE_ACTIONS.map((action) => action.name);
const TEXT = { type: "string", minLength: 1 };
const COUNT = { type: "integer", minimum: 1 };
const MILLISECONDS = { type: "number", minimum: 0 };
const APPLIED = { type: "boolean" };
const STATUS = { type: "integer", minimum: 200, maximum: 599 };

function record(properties: Schema, required: readonly string[] = []): Schema {
  return { type: "object", additionalProperties: false, properties, required };
}

function effect(kind: string, properties: Schema = {}, required: readonly string[] = []): Schema {
  return record({ kind: { const: kind }, ...properties }, ["kind", ...required]);
}

function oneOrMore(schema: Schema): Schema {
  return { anyOf: [schema, { type: "array", items: schema, minItems: 1 }] };
}

const EFFECT: Schema = {
  type: "object",
  required: ["kind"],
  discriminator: { propertyName: "kind" },
  oneOf: [
    effect(
      "status",
      {
        status: STATUS,
        body: { enum: ERROR_SHAPES },
        code: { type: "string" },
        message: { type: "string" },
        applied: APPLIED,
        retryAfter: { anyOf: [{ type: "number", minimum: 0 }, { const: "date" }] },
        headers: { type: "object", additionalProperties: { type: "string" } },
      },
      ["status"],
    ),
    effect("reset", { applied: APPLIED }),
    effect("hang", { applied: APPLIED }),
    effect("slow", { delayMs: MILLISECONDS }, ["delayMs"]),
    effect("cut"),
    effect("body", { body: { enum: ERROR_SHAPES } }, ["body"]),
    effect("omitItems", { count: COUNT }, ["count"]),
    effect("result", { state: { enum: FORCED_RESULTS } }, ["state"]),
    effect("code", { code: { enum: ["null", "rotated"] } }, ["code"]),
    effect("gone"),
  ],
};

/** One fault; exactly one kind of effect fits. */
export const FAULT_SCHEMA: Schema = record(
  {
    device: TEXT,
    call: oneOrMore({ enum: [...CALL_KINDS, ...ACTION_NAMES] }),
    batched: { type: "boolean" },
    nth: oneOrMore(COUNT),
    effect: EFFECT,
  },
  ["effect"],
);

function byAction(values: Schema): Schema {
  return { type: "object", propertyNames: { enum: ACTION_NAMES }, additionalProperties: values };
}

/** The key `x-emulator` of a device file; all of it may be left out. */
export const SETTINGS_SCHEMA: Schema = record({
  checkInDelayMs: MILLISECONDS,
  activationLock: { type: "boolean" },
  results: byAction({ enum: FORCED_RESULTS }),
  resultNames: byAction(TEXT),
  pendingActions: { type: "array", items: { enum: ACTION_NAMES } },
  passcodePolicy: { type: "boolean" },
  passcode: TEXT,
  unlockPin: TEXT,
  detectedApps: { type: "array", items: record({ id: TEXT, displayName: { type: "string" } }, ["id"]) },
  deviceRunStates: { type: "array", items: record({ script: TEXT, runState: TEXT }, ["script", "runState"]) },
  approval: { enum: APPROVAL_DECISIONS },
  faults: { type: "array", items: FAULT_SCHEMA },
});

/** One token that the emulator accepts, and what it is for. */
export const TOKEN_SCHEMA: Schema = record(
  {
    token: TEXT,
    kind: { enum: ["application", "delegated"] },
    permissions: { type: "array", items: TEXT },
    expiresAt: { type: "string", format: "date-time" },
    applicationId: TEXT,
    userPrincipalName: TEXT,
  },
  ["token", "kind", "permissions"],
);
