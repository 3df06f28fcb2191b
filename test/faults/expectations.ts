import type { Expected } from "./fault-case.ts";

export const DONE = /^succeeded: every step is done$/;
const SETTLE =
  /^ambiguous: nobody can tell whether \w+ was taken: there was no clear answer, and the device reports nothing new\. .*dlr settle (?:\S+ )?\S+ --taken \(or --not-taken\) --why TEXT$/;
const LEFT =
  /^ambiguous: nobody can tell whether \w+ was taken: the device left Intune, and nobody can tell whether this was the cause\. .*dlr settle/;
const AGAIN = /^pending: nobody can tell whether Graph took \w+; it is safe to repeat, and the next up sends it again$/;
const NOT_TAKEN = /^pending: Graph did not take \w+: not sent: Graph answered 429 .*the next up sends it again$/;
const UNREPORTED = /^pending: Graph took \w+.*, and the device has not reported yet; run up again to follow it$/;
const refusedBy = (status: string): RegExp => new RegExp(`^failed: \\w+: Graph refused it \\(${status.slice(0, 3)}\\): ${status}`);

export const taken = (posts: number): Expected => ({ up: "succeeded", posts, keeps: "intent accepted done", says: DONE });
export const noticed: Expected = { up: "succeeded", posts: 1, keeps: "intent unknown accepted done", says: DONE };
export const doubtful: Expected = { up: "ambiguous", posts: 1, keeps: "intent unknown", says: SETTLE };
export const doubtfulAndGone: Expected = { ...doubtful, says: LEFT };
export const untold = (posts: number, keeps = "intent accepted"): Expected => ({ up: "pending", posts, keeps, says: UNREPORTED });
export const refused = (status: string, posts = 1): Expected => ({
  up: "failed",
  posts,
  keeps: "intent refused failed",
  says: refusedBy(status),
});
/** Not taken at first: another intent, after another look. */
export const takenAgain = (posts: number): Expected => ({
  ...taken(posts),
  keeps: `${"intent notSent ".repeat(posts - 1)}intent accepted done`,
});
export const throttled = (posts: number): Expected => ({
  up: "pending",
  posts,
  keeps: "intent notSent",
  says: NOT_TAKEN,
  later: ["succeeded", posts + 1],
});
/** Nobody looked at the call: the next run sends it. */
export const untouched = (says: string, posts = 1): Expected => ({
  ...throttled(posts),
  says: new RegExp(`^pending: Graph did not take \\w+: not sent: Graph answered ${says}.*; the next up sends it again$`),
});
export const tokenRefused = (posts: number): Expected => untouched("401 .*; get a new token, or sign in again", posts);
export const unanswered = (posts: number): Expected => ({
  up: "pending",
  posts,
  keeps: "intent unknown",
  says: AGAIN,
  later: ["succeeded", posts + 1],
});
