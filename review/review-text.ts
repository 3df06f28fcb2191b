import { printableJson } from "../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../providers/domain/errors.ts";
import { canonicalJson, isObject, parseJson } from "../providers/domain/json.ts";
import { findSchemaErrors, fitsSchema } from "../providers/request/schema/find-schema-errors.ts";
import { savesReview } from "../providers/support/dlr-command.ts";
import { digestOf, sha256 } from "./digest.ts";
import { planOf } from "./plan-of.ts";
import { REVIEW_FORMAT, type Review } from "./review.ts";
import { REVIEW_SCHEMA } from "./review-schema.ts";

/** A review as its file holds it, with a seal over all of it. */
export function renderReview(review: Review): string {
  return `${printableJson({ ...review, seal: sealOf(review) })}\n`;
}

function sealOf(review: Review): string {
  return sha256(canonicalJson(review));
}

/**
 * The review in a file. Throws `ConfigurationError` for any text that `renderReview` did not write,
 * down to the last byte. That somebody wrote another review with a right seal is for whoever keeps
 * the file to rule out.
 */
export function parseReview(text: string, shown: string): Review {
  const data = parseJson(text);
  if (!isObject(data)) throw damaged(shown, "it is no JSON");
  if (data.format !== REVIEW_FORMAT)
    throw damaged(shown, `it is of format ${JSON.stringify(data.format)}, and this version reads ${REVIEW_FORMAT}`);
  if (!fitsSchema<SealedReview>(REVIEW_SCHEMA, data)) throw damaged(shown, firstFault(data));
  const { seal: _, ...review } = data;
  if (renderReview(review) !== text) throw damaged(shown, "what stands in it is not what its seal was made over");
  const wrong = review.requests.find((request) => digestOf(planOf(request)) !== request.digest);
  if (wrong !== undefined) throw damaged(shown, `the digest of ${wrong.key} is not that of its device and steps`);
  const keys = review.requests.map(({ key }) => key);
  if (new Set(keys).size < keys.length) throw damaged(shown, "it has a request twice");
  return review;
}

/** What `REVIEW_SCHEMA` asks for; it leaves the kinds of paths and their keys open. */
type SealedReview = Review & { readonly seal: string };

function firstFault(data: unknown): string {
  const [error] = findSchemaErrors(REVIEW_SCHEMA, data);
  return `${error?.instancePath || "/"} ${error?.message ?? "is not what it should be"}`;
}

function damaged(shown: string, why: string): ConfigurationError {
  return new ConfigurationError(`${shown} is no review: ${why}; nothing was sent`, {
    hint: `save it again: ${savesReview(undefined)}`,
  });
}
