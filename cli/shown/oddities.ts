import type { ReviewedRequest } from "../../review/review.ts";
import { effectOf } from "./totals.ts";

const DAY = 24 * 60 * 60 * 1000;
const LONG_UNSEEN_DAYS = 90;

/**
 * What a reviewer should look at first: signs that it may be the wrong device, and what is missing.
 * `at` is the time of the preview, in milliseconds. Empty for what is as one would expect.
 */
export function odditiesOf(request: ReviewedRequest, at: number): readonly string[] {
  const effect = effectOf(request);
  if (effect === "failed" || effect === "expired" || effect === "ambiguous") return [request.next.text];
  const lacking = request.lacking === null ? [] : [request.lacking];
  if (effect === "nothing" || effect === "follows") return lacking;
  return [...ownerOf(request), ...lastSeenOf(request, at), ...codeOf(request), ...repeatsOf(request), ...lacking];
}

function ownerOf({ facts }: ReviewedRequest): readonly string[] {
  if (facts === null) return ["not shown by Graph"];
  const owner = facts.managedDeviceOwnerType;
  return owner === "company" ? [] : [owner === null || owner === "unknown" ? "owner unknown" : `${owner} device`];
}

function lastSeenOf({ facts }: ReviewedRequest, at: number): readonly string[] {
  if (facts === null) return [];
  const { lastSyncDateTime } = facts;
  // Year 1 is how Graph says that there was none.
  if (lastSyncDateTime === null || lastSyncDateTime.startsWith("0001")) return ["never seen"];
  const days = Math.floor((at - Date.parse(lastSyncDateTime)) / DAY);
  return days > LONG_UNSEEN_DAYS ? [`not seen for ${days} days`] : [];
}

/** A preview reads no code: only that somebody agreed to go on without one is known. */
function codeOf({ acknowledge }: ReviewedRequest): readonly string[] {
  return acknowledge.includes("noBypassCode") ? ["goes on without a bypass code"] : [];
}

function repeatsOf({ repeats }: ReviewedRequest): readonly string[] {
  return repeats === null ? [] : [`does again what ${repeats} did`];
}
