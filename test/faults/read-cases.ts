import { DONE, taken, untold } from "./expectations.ts";
import type { Expected, FaultCase, Strike } from "./fault-case.ts";

type Effect = Strike["effect"];
const first = (effect: Effect): Strike => ({ call: "read", nth: 1, effect });
const HOUR = 3_600;

const TAG = "Resource does not contain a tag allowed by the current role.";
const notFound = (more: object = {}): Effect => ({ kind: "status", status: 404, body: "intune", ...more });
const HIDDEN =
  /^pending: Graph did not give the device at \S+: 404 \(not found\): ResourceNotFound: Resource does not contain a tag .*may not see it/;
const FOREIGN =
  /^pending: Graph did not give the device at \S+: 404 \(not found\).*not how Graph says that it does not know a device.*; run up again$/;
const LISTED = /^pending: Graph says that it does not know device \S+, and the list of all devices has it\. .*the next up looks again$/;

const each = (expected: Expected): Pick<FaultCase, "once" | "repeatable"> => ({ once: expected, repeatable: expected });

/** Nothing was sent, and nothing is kept but why. */
const unread = (why: RegExp): Expected => ({ up: "pending", posts: 0, keeps: "", says: why, later: ["succeeded", 1] });

/** Graph took it, and could not be looked at afterwards. */
const unfollowed = (why: RegExp): Expected => ({ up: "pending", posts: 1, keeps: "intent accepted", says: why, later: ["succeeded", 1] });

const UNREADABLE = /^pending: Graph did not give the device at \S+: 503 \(not available\).*; run up again$/;
const SILENT = /^pending: Graph at http:\/\/127\.0\.0\.1:\d+ did not answer: .*; is the emulator running there\? .*; run up again$/;

const NEVER: Strike = { call: "act", effect: { kind: "result", state: "never" } };

/** Everything but the first look at the device, which comes before the action. */
const AFTERWARDS = Array.from({ length: 20 }, (_, index) => index + 2);

/** What goes wrong while the device is looked at. */
export const READ_CASES: readonly FaultCase[] = [
  { name: "429 with seconds", few: true, strikes: [first({ kind: "status", status: 429, retryAfter: 7 })], ...each(taken(1)) },
  { name: "429 with a date", few: true, strikes: [first({ kind: "status", status: 429, retryAfter: "date" })], ...each(taken(1)) },
  { name: "429 without Retry-After", few: true, strikes: [first({ kind: "status", status: 429 })], ...each(taken(1)) },
  {
    name: "429 for longer than a run waits",
    few: true,
    strikes: [{ call: "read", effect: { kind: "status", status: 429, retryAfter: HOUR } }],
    ...each(unread(/^pending: Graph did not give the device at \S+: 429 \(too many requests\).*; run up again$/)),
  },
  { name: "503", few: true, strikes: [first({ kind: "status", status: 503 })], ...each(taken(1)) },
  { name: "503 for good", few: true, strikes: [{ call: "read", effect: { kind: "status", status: 503 } }], ...each(unread(UNREADABLE)) },
  { name: "a reset", few: true, strikes: [first({ kind: "reset" })], ...each(taken(1)) },
  { name: "a reset for good", few: true, strikes: [{ call: "read", effect: { kind: "reset" } }], ...each(unread(SILENT)) },
  { name: "a hang past the timeout", few: true, strikes: [first({ kind: "hang" })], ...each(taken(1)) },
  { name: "a hang for good", few: true, strikes: [{ call: "read", effect: { kind: "hang" } }], ...each(unread(SILENT)) },
  { name: "an answer that breaks off", few: true, strikes: [first({ kind: "cut" })], ...each(taken(1)) },
  { name: "HTML", few: true, strikes: [first({ kind: "body", body: "html" })], ...each(taken(1)) },
  { name: "an empty body", few: true, strikes: [first({ kind: "body", body: "empty" })], ...each(taken(1)) },
  { name: "malformed JSON", few: true, strikes: [first({ kind: "body", body: "malformed" })], ...each(taken(1)) },
  { name: "HTML for good", few: true, strikes: [{ call: "read", effect: { kind: "body", body: "html" } }], ...each(unread(SILENT)) },
  {
    name: "JSON that is no device",
    few: true,
    strikes: [{ call: "read", effect: { kind: "body", body: "emptyObject" } }],
    ...each(unread(/^pending: Graph's answer has another form than expected: .*; run up again$/)),
  },
  { name: "401 once", strikes: [first({ kind: "status", status: 401 })], ...each(taken(1)), renewals: 1 },
  {
    name: "401 always",
    few: true,
    strikes: [{ call: "any", effect: { kind: "status", status: 401, message: "Lifetime" } }],
    ...each(unread(/^pending: Graph did not give the device at \S+: 401 \(the token was refused\).*sign in again.*; run up again$/)),
    renewals: 1,
  },
  {
    name: "403",
    few: true,
    strikes: [{ call: "read", effect: { kind: "status", status: 403, message: "RBAC" } }],
    ...each(unread(/^pending: Graph did not give the device at \S+: 403 \(not allowed\).*grant the identity.*; run up again$/)),
  },
  {
    name: "the device leaves before the first look",
    few: true,
    strikes: [first({ kind: "gone" })],
    ...each({ up: "failed", posts: 0, keeps: "", says: /^failed: device \S+ left Intune before \w+; nothing was sent for this step$/ }),
  },
  { name: "404 with the page of a proxy", few: true, strikes: [first({ kind: "status", status: 404, body: "html" })], ...each(taken(1)) },
  { name: "404 without a body", few: true, strikes: [first({ kind: "status", status: 404, body: "empty" })], ...each(taken(1)) },
  { name: "404 of Graph's own", few: true, strikes: [first(notFound())], ...each(taken(1)) },
  {
    name: "404 of Graph's own for good, of a device that is listed",
    few: true,
    strikes: [{ call: "read", effect: notFound() }],
    ...each(unread(LISTED)),
  },
  {
    name: "404 for want of a scope tag",
    few: true,
    strikes: [{ call: "read", effect: notFound({ message: TAG }) }],
    ...each(unread(HIDDEN)),
  },
  {
    name: "404 of Graph's own after the action was sent",
    few: true,
    strikes: [NEVER, { call: "read", nth: 2, effect: notFound() }],
    ...each(untold(1)),
    unreported: taken(1),
  },
  {
    name: "404 of Graph's own for good after the action was sent, of a device that is listed",
    few: true,
    strikes: [NEVER, { call: "read", nth: AFTERWARDS, effect: notFound() }],
    ...each({ ...unfollowed(LISTED), later: ["pending", 1] }),
    unreported: taken(1),
  },
  {
    name: "404 for want of a scope tag after the action was sent",
    few: true,
    strikes: [NEVER, { call: "read", nth: AFTERWARDS, effect: notFound({ message: TAG }) }],
    ...each({ ...unfollowed(HIDDEN), later: ["pending", 1] }),
    unreported: unfollowed(HIDDEN),
  },
  {
    name: "404 with the page of a proxy for good after the action was sent",
    few: true,
    strikes: [NEVER, { call: "read", nth: AFTERWARDS, effect: { kind: "status", status: 404, body: "html" } }],
    ...each({ ...unfollowed(FOREIGN), later: ["pending", 1] }),
    unreported: unfollowed(FOREIGN),
  },
  {
    name: "404 with another code for good after the action was sent",
    few: true,
    strikes: [NEVER, { call: "read", nth: AFTERWARDS, effect: notFound({ code: "NotFound" }) }],
    ...each({ ...unfollowed(FOREIGN), later: ["pending", 1] }),
    unreported: unfollowed(FOREIGN),
  },
  {
    name: "503 for good after the action was sent",
    few: true,
    strikes: [{ call: "read", nth: AFTERWARDS, effect: { kind: "status", status: 503 } }],
    ...each(unfollowed(UNREADABLE)),
  },
  {
    name: "resets for good after the action was sent",
    few: true,
    strikes: [{ call: "read", nth: AFTERWARDS, effect: { kind: "reset" } }],
    ...each(unfollowed(SILENT)),
  },
  {
    name: "the answer is lost, and Graph cannot be read afterwards",
    few: true,
    strikes: [
      { call: "act", effect: { kind: "reset", applied: true } },
      { call: "read", nth: AFTERWARDS, effect: { kind: "status", status: 503 } },
    ],
    once: { up: "pending", posts: 1, keeps: "intent unknown", says: UNREADABLE, later: ["succeeded", 1] },
    repeatable: { up: "pending", posts: 6, keeps: "intent unknown", says: UNREADABLE, later: ["succeeded", 6] },
    unreported: { up: "pending", posts: 6, keeps: "intent unknown", says: UNREADABLE, later: ["succeeded", 7] },
    but: {
      wipe: { up: "pending", posts: 1, keeps: "intent unknown", says: UNREADABLE, later: ["ambiguous", 1] },
      retire: { up: "pending", posts: 1, keeps: "intent unknown", says: UNREADABLE, later: ["ambiguous", 1] },
      delete: { up: "pending", posts: 1, keeps: "intent unknown", says: UNREADABLE, later: ["ambiguous", 1] },
    },
  },
  {
    name: "the device leaves after the action was sent",
    few: true,
    strikes: [{ call: "read", nth: 2, effect: { kind: "gone" } }],
    once: {
      up: "failed",
      posts: 1,
      keeps: "intent accepted failed",
      says: /^failed: \w+: the device left Intune before it reported a result$/,
    },
    leaving: { ...taken(1), says: DONE },
    repeatable: {
      up: "failed",
      posts: 1,
      keeps: "intent accepted failed",
      says: /^failed: \w+: the device left Intune before it reported a result$/,
    },
    unreported: taken(1),
  },
];

const item = (effect: Effect): Strike => ({ call: "read", batched: true, nth: 1, effect });
const batch = (effect: Effect): Strike => ({ call: "batch", nth: 1, effect });
const EVERYWHERE = ["an answer that breaks off", "an answer that lacks an item", "one item with 403"];
const beside = (name: string, strikes: readonly Strike[], expected: Expected): FaultCase => ({
  name,
  strikes,
  beside: true,
  ...(EVERYWHERE.includes(name) ? {} : { few: true }),
  ...each(expected),
});

/**
 * What goes wrong with a batch, and with one item of it: the request beside the first always
 * succeeds.
 */
export const BATCH_CASES: readonly FaultCase[] = [
  beside("an answer that breaks off", [batch({ kind: "cut" })], taken(1)),
  beside("an answer that lacks an item", [batch({ kind: "omitItems", count: 1 })], taken(1)),
  beside("an answer that lacks every item", [batch({ kind: "omitItems", count: 2 })], taken(1)),
  beside("an answer of HTML", [batch({ kind: "body", body: "html" })], taken(1)),
  beside("an empty answer", [batch({ kind: "body", body: "empty" })], taken(1)),
  beside("an answer of malformed JSON", [batch({ kind: "body", body: "malformed" })], taken(1)),
  beside("an answer of another form", [batch({ kind: "body", body: "emptyObject" })], taken(1)),
  beside("429", [batch({ kind: "status", status: 429, retryAfter: 7 })], taken(1)),
  beside("503", [batch({ kind: "status", status: 503 })], taken(1)),
  beside("a reset", [batch({ kind: "reset" })], taken(1)),
  beside("a hang", [batch({ kind: "hang" })], taken(1)),
  beside("one item with 429", [item({ kind: "status", status: 429, retryAfter: 7 })], taken(1)),
  beside("one item with 503", [item({ kind: "status", status: 503 })], taken(1)),
  beside("one item with 401", [item({ kind: "status", status: 401 })], taken(1)),
  beside("one item with 403", [item({ kind: "status", status: 403 })], taken(1)),
  beside("one item of HTML", [item({ kind: "body", body: "html" })], taken(1)),
  beside("one item without a body", [item({ kind: "body", body: "empty" })], taken(1)),
  beside(
    "one item refused for good",
    [{ call: "read", effect: { kind: "status", status: 403 } }],
    unread(/^pending: Graph did not give the device at \S+: 403 \(not allowed\)/),
  ),
  beside(
    "one item refused, and no answer to it alone",
    [
      { call: "read", batched: true, effect: { kind: "status", status: 503 } },
      { call: "read", batched: false, effect: { kind: "reset" } },
    ],
    unread(SILENT),
  ),
];
