import {
  doubtful,
  doubtfulAndGone,
  noticed,
  refused,
  taken,
  takenAgain,
  throttled,
  tokenRefused,
  unanswered,
  untold,
  untouched,
} from "./expectations.ts";
import type { FaultCase, Strike } from "./fault-case.ts";

type Effect = Strike["effect"];
const first = (effect: Effect): Strike => ({ call: "act", nth: 1, effect });
const always = (effect: Effect): Strike => ({ call: "act", effect });
const SILENT: Strike = { call: "act", effect: { kind: "result", state: "silent" } };

const throttling = (retryAfter?: number | "date"): Effect => ({
  kind: "status",
  status: 429,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

/**
 * Doubt that the device's own report ends; a device that is gone reports nothing, and what is safe
 * to repeat is sent again at once.
 */
const APPLIED = { once: noticed, repeatable: taken(2), but: { delete: doubtfulAndGone } } as const;

/** Doubt that nothing ends. */
const LOST = { once: doubtful, repeatable: taken(2) } as const;

/** What goes wrong with the call of the action itself. */
export const SEND_CASES: readonly FaultCase[] = [
  { name: "429 with seconds", strikes: [first(throttling(2))], once: takenAgain(2), repeatable: taken(2) },
  { name: "429 with a date", strikes: [first(throttling("date"))], once: takenAgain(2), repeatable: taken(2) },
  { name: "429 without Retry-After", strikes: [first(throttling())], once: takenAgain(2), repeatable: taken(2) },
  {
    name: "429, and the bypass code changes meanwhile",
    strikes: [first(throttling(2)), { call: "act", nth: 1, effect: { kind: "code", code: "rotated" } }],
    but: { wipe: takenAgain(2), retire: takenAgain(2) },
  },
  { name: "429 for longer than a run waits", few: true, strikes: [first(throttling(3_600))], once: throttled(1), repeatable: throttled(1) },
  {
    name: "429 for good",
    few: true,
    strikes: [always(throttling(1))],
    once: { ...throttled(6), keeps: `${"intent notSent ".repeat(5)}intent notSent` },
    repeatable: throttled(6),
  },
  { name: "503", strikes: [first({ kind: "status", status: 503 })], ...LOST },
  { name: "503 with Retry-After", few: true, strikes: [first({ kind: "status", status: 503, retryAfter: 5 })], ...LOST },
  { name: "503 for good", few: true, strikes: [always({ kind: "status", status: 503 })], once: doubtful, repeatable: unanswered(6) },
  {
    name: "429, then 503",
    few: true,
    strikes: [first(throttling(1)), { call: "act", nth: 2, effect: { kind: "status", status: 503 } }],
    once: { ...doubtful, posts: 2, keeps: "intent notSent intent unknown" },
    repeatable: taken(3),
  },
  {
    name: "503, then 409",
    few: true,
    strikes: [first({ kind: "status", status: 503 }), { call: "act", nth: 2, effect: { kind: "status", status: 409 } }],
    repeatable: unanswered(2),
  },
  { name: "500 after applying", strikes: [first({ kind: "status", status: 500, applied: true })], ...APPLIED },
  {
    name: "500 after applying, and the device tells nothing",
    few: true,
    strikes: [first({ kind: "status", status: 500, applied: true }), SILENT],
    once: doubtful,
    repeatable: untold(2),
    unreported: taken(2),
    but: { wipe: doubtfulAndGone, retire: doubtfulAndGone, delete: doubtfulAndGone },
  },
  { name: "408", few: true, strikes: [first({ kind: "status", status: 408 })], ...LOST },
  { name: "421", few: true, strikes: [first({ kind: "status", status: 421 })], ...LOST },
  {
    name: "a redirect",
    few: true,
    strikes: [first({ kind: "status", status: 302, headers: { Location: "https://login.example/" } })],
    once: doubtful,
    repeatable: unanswered(1),
  },
  { name: "a reset before applying", strikes: [first({ kind: "reset" })], ...LOST },
  { name: "a reset after applying", strikes: [first({ kind: "reset", applied: true })], ...APPLIED },
  {
    name: "the response is lost",
    strikes: [first({ kind: "cut" })],
    ...APPLIED,
    // Its answer has a body, so that the head still arrives.
    but: { ...APPLIED.but, createDeviceLogCollectionRequest: taken(1) },
  },
  { name: "a hang past the timeout", strikes: [first({ kind: "hang" })], ...LOST },
  { name: "a hang after applying", strikes: [first({ kind: "hang", applied: true })], ...APPLIED },
  { name: "a hang for good", few: true, strikes: [always({ kind: "hang" })], once: doubtful, repeatable: unanswered(6) },
  { name: "401 once", strikes: [first({ kind: "status", status: 401 })], once: tokenRefused(1), repeatable: taken(2) },
  {
    name: "401 always",
    strikes: [always({ kind: "status", status: 401 })],
    once: tokenRefused(1),
    repeatable: tokenRefused(2),
  },
  {
    name: "403",
    strikes: [always({ kind: "status", status: 403, message: "RBAC" })],
    once: refused("403 \\(not allowed\\): Forbidden: RBAC"),
    repeatable: {
      up: "awaitingSignIn",
      posts: 1,
      keeps: "intent signInRequired",
      says: /^awaitingSignIn: \w+ needs \S+; sign in with: .\/dlr login \(Graph refused it to the application: 403 .*RBAC\)$/,
      later: ["succeeded", 2],
    },
  },
  {
    name: "404",
    strikes: [first({ kind: "status", status: 404 })],
    once: refused("404 \\(not found\\)"),
    repeatable: refused("404 \\(not found\\)"),
  },
  { name: "the device leaves right before", strikes: [first({ kind: "gone" })], once: refused("404"), repeatable: refused("404") },
  {
    name: "409",
    strikes: [first({ kind: "status", status: 409 })],
    once: doubtful,
    repeatable: unanswered(1),
  },
  {
    name: "409 of a gateway that tried twice",
    strikes: [first({ kind: "status", status: 409, applied: true })],
    once: noticed,
    but: { delete: doubtfulAndGone },
  },
  { name: "502 as HTML", strikes: [first({ kind: "status", status: 502, body: "html" })], ...LOST },
  {
    name: "400 as HTML",
    few: true,
    strikes: [always({ kind: "status", status: 400, body: "html" })],
    once: doubtful,
    repeatable: unanswered(1),
  },
  {
    name: "403 of a proxy after the call was taken",
    strikes: [first({ kind: "status", status: 403, body: "html", applied: true })],
    once: noticed,
    repeatable: noticed,
    unreported: unanswered(1),
    but: { delete: doubtfulAndGone },
  },
  {
    name: "407",
    few: true,
    strikes: [first({ kind: "status", status: 407, body: "html" })],
    once: untouched("407.*; what stands before Graph did not pass it on"),
    repeatable: untouched("407.*; what stands before Graph did not pass it on"),
  },
  {
    name: "404 of a proxy",
    few: true,
    strikes: [first({ kind: "status", status: 404, body: "html" })],
    once: doubtful,
    repeatable: unanswered(1),
  },
  {
    name: "HTML of the status 200, which is not Graph's",
    strikes: [first({ kind: "status", status: 200, body: "html" })],
    once: doubtful,
    repeatable: unanswered(1),
  },
  {
    name: "400 with an empty body",
    strikes: [first({ kind: "status", status: 400, body: "empty" })],
    once: refused("400"),
    repeatable: refused("400"),
  },
  {
    name: "400 with malformed JSON",
    few: true,
    strikes: [first({ kind: "status", status: 400, body: "malformed" })],
    once: refused("400"),
    repeatable: refused("400"),
  },
  {
    name: "200 with an empty body",
    few: true,
    strikes: [first({ kind: "status", status: 200, body: "empty", applied: true })],
    once: taken(1),
    repeatable: taken(1),
  },
  {
    name: "200 with malformed JSON",
    strikes: [first({ kind: "status", status: 200, body: "malformed", applied: true })],
    once: noticed,
    repeatable: noticed,
    unreported: unanswered(1),
    but: { delete: doubtfulAndGone },
  },
];
