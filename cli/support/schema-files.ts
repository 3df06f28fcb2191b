import type { JsonObject } from "../../providers/domain/json.ts";
import { SCHEMA_FILES } from "../../providers/request/schema/schema.ts";
import { REVIEW_SCHEMA } from "../../review/review-schema.ts";

/** Every committed schema in devices/schema, by its file. */
export const ALL_SCHEMAS: Readonly<Record<string, JsonObject>> = { ...SCHEMA_FILES, "review.schema.json": REVIEW_SCHEMA };
