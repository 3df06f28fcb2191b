import type { JsonObject } from "../../providers/domain/json.ts";

/** Forms of single fields. */
export const TEXT = { type: "string" } as const;
/** Null: nobody told. */
export const TEXT_OR_NULL = { type: ["string", "null"] } as const;
/** ISO 8601, UTC. */
export const TIME = { type: "string", format: "date-time" } as const;
/** ISO 8601, UTC; null: nobody told. */
export const TIME_OR_NULL = { type: ["string", "null"], format: "date-time" } as const;
/** True or false. */
export const FLAG = { type: "boolean" } as const;
/** From 0. */
export const COUNT = { type: "integer", minimum: 0 } as const;

/** A mapping that has all of these keys; fields are added in later versions. */
export function record(properties: JsonObject, description?: string): JsonObject {
  return { type: "object", required: Object.keys(properties), properties, ...said(description) };
}

/** A list of such. */
export function listOf(items: JsonObject, description?: string): JsonObject {
  return { type: "array", items, ...said(description) };
}

function said(description: string | undefined): JsonObject {
  return description === undefined ? {} : { description };
}
