import type { JsonObject } from "../providers/domain/json.ts";
import { OUTCOMES } from "../providers/domain/outcome.ts";
import { REVIEW_FORMAT } from "./review.ts";

const TEXT = { type: "string" } as const;
const TEXT_OR_NULL = { type: ["string", "null"] } as const;
const TEXTS = { type: "array", items: TEXT } as const;
const FLAG = { type: "boolean" } as const;
const COUNT = { type: "integer", minimum: 0 } as const;
const HASH = { type: "string", pattern: "^[0-9a-f]{64}$" } as const;

/** A mapping that has all of these keys and no other. */
function record(properties: JsonObject, description?: string): JsonObject {
  const said = description === undefined ? {} : { description };
  return { type: "object", additionalProperties: false, required: Object.keys(properties), properties, ...said };
}

/** The same, with one more key that may be absent. */
function withOptional(schema: JsonObject, properties: JsonObject): JsonObject {
  return { ...schema, properties: { ...Object(schema.properties), ...properties } };
}

function orNull(schema: JsonObject): JsonObject {
  return { oneOf: [{ type: "null" }, schema] };
}

function described(schema: JsonObject, description: string): JsonObject {
  return { ...schema, description };
}

const LIMIT = record({ limit: COUNT, used: described(COUNT, "Requests of the last 24 hours, over all runs of the ledger.") });

const STEP = record({
  action: TEXT,
  parameters: { type: "object" },
  title: TEXT_OR_NULL,
  destroysData: FLAG,
  escrows: FLAG,
  status: described(TEXT, "As in the outputs of the resource: waiting, sent, adopted, done, failed, superseded, …"),
  left: described(FLAG, "Still to be sent."),
});

const PLANNED_DEVICE = { id: TEXT, serialNumber: TEXT_OR_NULL, enrolledDateTime: TEXT_OR_NULL } as const;

const FACTS = record({
  ...PLANNED_DEVICE,
  deviceName: TEXT_OR_NULL,
  operatingSystem: TEXT_OR_NULL,
  osVersion: TEXT_OR_NULL,
  isSupervised: { type: ["boolean", "null"] },
  userPrincipalName: TEXT_OR_NULL,
  model: TEXT_OR_NULL,
  managedDeviceOwnerType: TEXT_OR_NULL,
  deviceCategoryDisplayName: TEXT_OR_NULL,
  lastSyncDateTime: TEXT_OR_NULL,
});

const REQUEST = withOptional(
  record({
    key: described(TEXT, "NAME#generation: names the request in the ledger."),
    name: TEXT,
    source: record({ file: TEXT, line: COUNT }),
    reason: TEXT,
    ticket: TEXT_OR_NULL,
    expires: TEXT_OR_NULL,
    acknowledge: TEXTS,
    repeats: TEXT_OR_NULL,
    playbook: TEXT_OR_NULL,
    device: record(PLANNED_DEVICE, "The enrolment that the steps are for."),
    path: { type: "object", required: ["kind"], properties: { kind: TEXT }, additionalProperties: TEXT },
    steps: { type: "array", items: STEP },
    facts: described(orNull(FACTS), "What Graph showed of the device."),
    begun: described(FLAG, "The plan is frozen: something was done already."),
    next: record(
      { kind: { enum: ["acts", "follows", "ends"] }, text: TEXT, outcome: { enum: [...OUTCOMES, null] } },
      "What the next up does first.",
    ),
    lastRun: orNull(record({ outcome: { enum: [...OUTCOMES] }, at: TEXT, message: TEXT })),
    warnings: TEXTS,
    lacking: described(TEXT_OR_NULL, "Permissions that the tokens of the preview lack."),
    digest: described(HASH, "SHA-256 over key, device, path and the steps with their parameters."),
  }),
  { authors: described(orNull(TEXTS), "Who wrote it, by their accounts; null where one is not known. dlr people authors adds it.") },
);

const REFUSAL = record({
  code: described(TEXT, "Of a diagnostic (DLR301), or of an error (LEDGER)."),
  message: TEXT,
  hint: TEXT_OR_NULL,
  file: TEXT_OR_NULL,
  line: { type: ["integer", "null"] },
  column: { type: ["integer", "null"] },
});

/** devices/schema/review.schema.json */
export const REVIEW_SCHEMA: JsonObject = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Review",
  ...record({
    format: { const: REVIEW_FORMAT },
    stack: TEXT,
    commit: TEXT_OR_NULL,
    at: described(TEXT, "ISO 8601, UTC."),
    graph: described(TEXT_OR_NULL, "Origin of Graph, or double for one on the same machine."),
    tenant: TEXT_OR_NULL,
    ledger: orNull(record({ place: TEXT, made: TEXT_OR_NULL })),
    guards: orNull(
      record({
        requireReview: FLAG,
        followOnly: FLAG,
        shard: TEXT,
        protected: TEXTS,
        maxDestructive: LIMIT,
        maxDisruptive: LIMIT,
        hold: described(TEXT_OR_NULL, "Why up would destroy, lock and escrow nothing."),
      }),
    ),
    warnings: TEXTS,
    requests: { type: "array", items: REQUEST },
    refusals: { type: "array", items: REFUSAL, description: "Why nothing would be done at all." },
    seal: described(HASH, "SHA-256 over all the rest: tells a file that was damaged."),
  }),
  description: "What a preview showed: dlr preview --save-review FILE writes it, and dlr up --reviewed FILE performs only what is in it.",
};
