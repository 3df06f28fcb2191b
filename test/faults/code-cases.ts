import { taken } from "./expectations.ts";
import type { Expected, FaultCase, Strike } from "./fault-case.ts";

type Effect = Strike["effect"];
const read = (nth: number, effect: Effect): Strike => ({ call: "readCode", nth, effect });
const NULL = { kind: "code", code: "null" } as const;
const ROTATED = { kind: "code", code: "rotated" } as const;

const unread = (why: RegExp): Expected => ({ up: "pending", posts: 0, keeps: "", says: why, later: ["succeeded", 1] });
const SILENT = /^pending: Graph at http:\/\/127\.0\.0\.1:\d+ did not answer: .*; run up again$/;
const REFUSED = /^pending: Graph did not give the Activation Lock bypass code of a device: (?:403|503) .*; run up again$/;
const LAST = /^pending: Graph did not give the device at \S+ once more: (?:403|404) .*; run up again$/;

/**
 * What goes wrong with the bypass code, which is read in the step that escrows it and again right
 * before the action.
 */
export const CODE_CASES: readonly FaultCase[] = [
  {
    name: "null",
    strikes: [read(1, NULL)],
    once: {
      up: "failed",
      posts: 0,
      keeps: "",
      says: /^failed: Intune has no Activation Lock bypass code of .*: after a wipe nobody could unlock it; nothing was sent; if that is known and right, add noBypassCode to acknowledge$/,
    },
  },
  { name: "null at the second read", strikes: [read(2, NULL)], once: taken(1) },
  { name: "another one at the second read", strikes: [read(2, ROTATED)], once: taken(1) },
  { name: "503", strikes: [read(1, { kind: "status", status: 503 })], once: taken(1) },
  { name: "503 for good", strikes: [{ call: "readCode", effect: { kind: "status", status: 503 } }], once: unread(REFUSED) },
  { name: "403 for good", strikes: [{ call: "readCode", effect: { kind: "status", status: 403 } }], once: unread(REFUSED) },
  { name: "403 at the second read", strikes: [read(2, { kind: "status", status: 403 })], once: unread(LAST) },
  { name: "a reset", strikes: [read(1, { kind: "reset" })], once: taken(1) },
  { name: "a reset at the second read", strikes: [read(2, { kind: "reset" })], once: taken(1) },
  { name: "resets for good", strikes: [{ call: "readCode", effect: { kind: "reset" } }], once: unread(SILENT) },
  { name: "a hang past the timeout", strikes: [read(1, { kind: "hang" })], once: taken(1) },
  { name: "HTML", strikes: [read(1, { kind: "body", body: "html" })], once: taken(1) },
  { name: "an empty body", strikes: [read(1, { kind: "body", body: "empty" })], once: taken(1) },
  { name: "malformed JSON", strikes: [read(1, { kind: "body", body: "malformed" })], once: taken(1) },
  {
    name: "JSON that is no device",
    strikes: [{ call: "readCode", effect: { kind: "body", body: "emptyObject" } }],
    once: unread(/^pending: Graph's answer has another form than expected: .*; run up again$/),
  },
  {
    name: "the device leaves right before the first read",
    strikes: [read(1, { kind: "gone" })],
    once: {
      ...unread(/^pending: Graph did not give the Activation Lock bypass code of a device: 404 .*; run up again$/),
      later: ["failed", 0],
    },
  },
  {
    name: "the device leaves right before the second read",
    strikes: [read(2, { kind: "gone" })],
    once: {
      ...unread(LAST),
      later: ["failed", 0],
    },
  },
];
