import type { Acknowledgement } from "../../providers/domain/actions/action-table.ts";
import { destroysData, findRemoteAction, isRepeatable, locksOut } from "../../providers/domain/actions/action-table.ts";
import type { Plan } from "../../providers/domain/plan.ts";
import type { IntentRecord } from "../../providers/domain/step-record.ts";
import type { Report } from "../../providers/engine/job.ts";
import type { World } from "./fakes.ts";
import { ANDROID, MAC } from "./fakes-devices.ts";
import type { JournalEntry } from "./fakes-journal.ts";

type Post = Extract<JournalEntry, { kind: "POST" }> & { readonly at: number; readonly intent: IntentRecord | undefined };

/**
 * What the product promises of one request, checked against everything that went through its ports:
 * the broken promises in words, none when all hold.
 */
export function brokenPromises(world: World, plan: Plan, acknowledge: readonly Acknowledgement[]): readonly string[] {
  const posts = postsOf(world.journal);
  return [
    ...posts.flatMap(intentFirst),
    ...posts.flatMap((post, index) => onlyOnce(world, post, posts.slice(0, index))),
    ...posts.flatMap((post) => inItsEnrolment(post, plan)),
    ...posts.flatMap(inItsTime),
    ...posts.flatMap((post, index) => secretsFirst(world, post, posts.slice(0, index))),
    ...posts.filter((post) => destroysData(post.action) && post.supervisedApple).flatMap((post) => codeFirst(world, post, acknowledge)),
  ];
}

function postsOf(journal: readonly JournalEntry[]): readonly Post[] {
  return journal.flatMap((entry, at) => {
    if (entry.kind !== "POST") return [];
    const intents = journal
      .slice(0, at)
      .flatMap((earlier) => (earlier.kind === "append" && earlier.record.kind === "intent" ? [earlier.record] : []));
    return [{ ...entry, at, intent: intents.find((intent) => intent.clientRequestId === entry.clientRequestId) }];
  });
}

function intentFirst(post: Post): string[] {
  return post.intent === undefined ? [`${post.action} was sent without an intent in the ledger`] : [];
}

/**
 * Again only what is safe to repeat, or what Graph did not take, or what a person settled as not
 * taken.
 */
function onlyOnce(world: World, post: Post, earlier: readonly Post[]): string[] {
  const last = earlier.findLast(({ intent }) => intent?.key === post.intent?.key && intent?.step === post.intent?.step);
  if (last === undefined || isRepeatable(post.action) || last.answer === "throttled" || last.answer === "approvalRequired") return [];
  if (world.settledAttempts.has(last.clientRequestId)) return [];
  return [`${post.action} was sent again after ${last.answer}`];
}

function inItsEnrolment(post: Post, plan: Plan): string[] {
  if (post.device !== plan.device.id) return [`${post.action} was sent to another device`];
  return post.enrolled === plan.device.enrolledDateTime
    ? []
    : [`${post.action} was sent to an enrolment that nobody planned (${post.enrolled})`];
}

function inItsTime({ action, isClockSure }: Post): string[] {
  const isHeld = (destroysData(action) || locksOut(action)) && !isClockSure;
  return isHeld ? [`${action} was sent by a clock that may be wrong`] : [];
}

/**
 * Nothing goes to a device while a PIN or passcode that we had it make is not in escrow, and its
 * step has not ended.
 */
function secretsFirst(world: World, post: Post, earlier: readonly Post[]): string[] {
  return earlier.flatMap((made) => {
    if (!made.takes || MAKES_SECRET[made.action] !== made.device || made.device !== post.device) return [];
    if (world.settledAttempts.has(made.clientRequestId)) return [];
    const between = world.journal.slice(made.at, post.at);
    const isOver = between.some(
      (entry) =>
        entry.kind === "append" &&
        entry.record.kind === "finished" &&
        entry.record.key === made.intent?.key &&
        entry.record.step === made.intent.step,
    );
    return isOver ? [] : [`${post.action} was sent while the secret of ${made.action} was on its way`];
  });
}

const MAKES_SECRET: Readonly<Record<string, string>> = { remoteLock: MAC.id, resetPasscode: ANDROID.id };

/**
 * In the same run, after everything else that was sent: the code read, and what was read in escrow.
 */
function codeFirst(world: World, post: Post, acknowledge: readonly Acknowledgement[]): string[] {
  const start = world.starts.findLast((length) => length <= post.at) ?? 0;
  const before = world.journal.slice(start, post.at);
  const sinceLastPost = before.slice(before.findLastIndex((entry) => entry.kind === "POST") + 1);
  const read = sinceLastPost.findLast((entry) => entry.kind === "readCode");
  if (read === undefined) return [`${post.action} was sent without a fresh read of the code`];
  const escrowed = world.journal
    .slice(0, post.at)
    .flatMap((entry) =>
      entry.kind === "escrow" && entry.enrolled === post.enrolled && entry.secret === "activationLockBypassCode" ? [entry.value] : [],
    );
  if (read.code !== null) return escrowed.includes(read.code) ? [] : [`${post.action} was sent with the code out of escrow`];
  return escrowed.length > 0 || acknowledge.includes("noBypassCode") ? [] : [`${post.action} was sent without any code in escrow`];
}

/** Success is every step done, and each action taken by Graph, from us or from elsewhere. */
export function brokenSuccess(world: World, plan: Plan, report: Report): readonly string[] {
  if (report.outcome !== "succeeded") return [];
  const open = report.steps
    .filter((step) => step.status !== "done" && step.status !== "superseded")
    .map((step) => `succeeded, and ${step.action} is ${step.status}`);
  const taken = new Set(postsOf(world.journal).flatMap(({ takes, intent }) => (takes && intent !== undefined ? [intent.step] : [])));
  const untaken = plan.steps.filter(
    ({ action, index }) =>
      findRemoteAction(action) !== undefined &&
      !taken.has(index) &&
      !world.graph.startedElsewhere.has(action) &&
      !isAdoptedUnreported(world, index),
  );
  return [...open, ...untaken.map((step) => `succeeded, and ${step.action} was never taken`)];
}

/**
 * Taken over from elsewhere, and not called done by any report: the device left, or a later step
 * took effect.
 */
function isAdoptedUnreported(world: World, step: number): boolean {
  const records = world.journal.flatMap((entry) => (entry.kind === "append" ? [entry.record] : []));
  const isReported = records.some((record) => record.kind === "finished" && record.step === step && record.reason === "Reported");
  return !isReported && records.some((record) => record.kind === "adopted" && record.step === step);
}
