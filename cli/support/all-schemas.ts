import type { JsonObject } from "../../providers/domain/json.ts";
import type { LoadedRequests } from "../../providers/request/load-requests.ts";
import { schemaFiles } from "../../providers/request/schema/schema.ts";
import { LOCK_SCHEMA } from "../../report/activation-lock/lock-schema.ts";
import { REQUESTS_REPORT_SCHEMA } from "../../report/requests/requests-schema.ts";
import { REVIEW_SCHEMA } from "../../review/review-schema.ts";
import { FORM_SCHEMA } from "../adopt/form-schema.ts";

/** Every committed schema in devices/schema, by its file; `playbooks` are the project's own. */
export function allSchemas(playbooks: LoadedRequests["playbooks"]): Readonly<Record<string, JsonObject>> {
  return {
    ...schemaFiles(playbooks),
    "review.schema.json": REVIEW_SCHEMA,
    "form.schema.json": FORM_SCHEMA,
    "activation-lock-report.schema.json": LOCK_SCHEMA,
    "requests-report.schema.json": REQUESTS_REPORT_SCHEMA,
  };
}
