import { DAY_MS } from "../../providers/domain/day.ts";
import type { ReviewedRequest } from "../../review/review.ts";
import { effectOf } from "./totals.ts";

const LONG_UNSEEN_DAYS = 90;

/** A sign that somebody should look at a request first. */
export interface Sign {
  /** The same for every request that has the sign. */
  readonly kind: string;
  readonly text: string;
}

/**
 * What a reviewer should look at first: signs that it may be the wrong device, and what is missing.
 * `at` is the time of the preview, in milliseconds. Empty for what is as one would expect.
 */
export function odditiesOf(request: ReviewedRequest, at: number): readonly Sign[] {
  const effect = effectOf(request);
  if (effect === "failed" || effect === "expired" || effect === "ambiguous") return [{ kind: effect, text: request.next.text }];
  const lacking = request.lacking === null ? [] : [plain(request.lacking)];
  if (effect === "nothing" || effect === "follows") return lacking;
  return [...ownerOf(request), ...lastSeenOf(request, at), ...codeOf(request), ...repeatsOf(request), ...lacking];
}

function plain(text: string): Sign {
  return { kind: text, text };
}

function ownerOf({ facts }: ReviewedRequest): readonly Sign[] {
  if (facts === null) return [plain("not shown by Graph")];
  const owner = facts.managedDeviceOwnerType;
  return owner === "company" ? [] : [plain(owner === null || owner === "unknown" ? "owner unknown" : `${owner} device`)];
}

function lastSeenOf({ facts }: ReviewedRequest, at: number): readonly Sign[] {
  if (facts === null) return [];
  const { lastSyncDateTime } = facts;
  // Year 1 is how Graph says that there was none.
  if (lastSyncDateTime === null || lastSyncDateTime.startsWith("0001")) return [plain("never seen")];
  const days = Math.floor((at - Date.parse(lastSyncDateTime)) / DAY_MS);
  return days > LONG_UNSEEN_DAYS ? [{ kind: `not seen for ${LONG_UNSEEN_DAYS} days`, text: `not seen for ${days} days` }] : [];
}

/** A preview reads no code: only that somebody agreed to go on without one is known. */
function codeOf({ acknowledge }: ReviewedRequest): readonly Sign[] {
  return acknowledge.includes("noBypassCode") ? [plain("goes on without a bypass code")] : [];
}

function repeatsOf({ repeats }: ReviewedRequest): readonly Sign[] {
  return repeats === null ? [] : [{ kind: "repeats", text: `does again what ${repeats} did` }];
}
