import { expiryInstant } from "../domain/request.ts";
import { RUN_INTERRUPTED } from "../domain/run-interrupted.ts";
import { dlrCommand } from "../support/dlr-command.ts";
import { defineRule, type Finding } from "./rule.ts";

/**
 * A run that comes by itself, such as a nightly one, may follow what was started and start nothing.
 */
export const followOnlyRule = defineRule({
  id: "follow-only",
  code: null,
  reason: "FollowOnly",
  outcome: "pending",
  asked: ["start"],
  key: "plan",
  when: "`followOnly` is set, and a step is not sent yet, or was not taken; calls that were approved are sent",
  goOn: "a run without it",
  judge: ({ run, steps }) =>
    run.followOnly
      ? { message: `followOnly is set: ${steps[0]?.action ?? "nothing"} is not started`, hint: "a run without it does" }
      : null,
});

/** A review holds for some days: a wipe that was approved in spring must not go in autumn. */
export const expiryRule = defineRule({
  id: "expiry",
  code: null,
  reason: "Expired",
  outcome: "expired",
  asked: ["step", "wire"],
  key: "expires",
  when: "`expires` is past (end of that day, UTC) before the next send",
  goOn: "a later date in `expires`",
  judge: ({ request, steps, now }) => {
    const { expires } = request.terms;
    const expiry = expiryInstant(expires);
    if (expiry === null || now < expiry) return null;
    return {
      message: `expired at the end of ${expires} (UTC), before ${steps[0]?.action ?? "its next step"}`,
      hint: "a later date in expires lets it go on",
    };
  },
});

/** Milliseconds from the last look at a device to the request on the wire that it allows. */
const LONGEST_LOOK_MS = 5_000;

/** Somebody else may act on the device at any moment: what was checked holds for some seconds. */
export const lastLookRule = defineRule({
  id: "last-look",
  code: null,
  reason: "LookTooOld",
  outcome: "pending",
  asked: ["wire"],
  key: "plan",
  when: "the last look at the device is more than 5 seconds old when its call would go, of what must not be done twice",
  goOn: "nothing: the run looks again, and the next run does",
  judge: ({ lookAgeMs }) => {
    if (lookAgeMs === null || lookAgeMs <= LONGEST_LOOK_MS) return null;
    const seconds = Math.round(lookAgeMs / 1000);
    return { message: `what was seen of the device is ${seconds} s old`, hint: "nothing was sent; it is looked at again first" };
  },
});

/** Graph asks all calls of a kind to wait, and not only the one that it answers so. */
export const pauseRule = defineRule({
  id: "pause",
  code: null,
  reason: "Paused",
  outcome: "pending",
  asked: ["wire"],
  key: "plan",
  when: "Graph asked, of another call, to be left alone for a while (429), after a call that must not be done twice had taken its place under the rate limit",
  goOn: "nothing: the run waits, takes another place and looks again, and the next run does",
  judge: ({ isPaused }) =>
    isPaused
      ? { message: "Graph asked to be left alone for a while", hint: "nothing was sent; it waits, and is looked at again first" }
      : null,
});

/** A person who sees something go wrong stops every run at once, those on other machines too. */
export const brakeRule = defineRule({
  id: "brake",
  code: null,
  reason: "Brake",
  outcome: "pending",
  asked: ["send", "wire"],
  key: "plan",
  when: "`dlr stop STACK REASON`; read before each step and right before each send. A brake that is missing, damaged or cannot be read counts as set",
  goOn: "`dlr resume STACK`, for each stop ([the brake](stores.md#ledger-what-was-sent))",
  needs: ["brake"],
  judgesUnreadable: ["brake"],
  judge: ({ run }, { brake }) => {
    switch (brake.kind) {
      case "absent":
        return null;
      case "seen":
        if (brake.value === RUN_INTERRUPTED)
          return { message: RUN_INTERRUPTED, hint: "nothing more was sent in it; run up again to go on" };
        return { message: `the brake is set: ${brake.value}`, hint: `nothing is sent until: ${dlrCommand("resume", run.stack)}` };
      case "unreadable":
        return { message: `the brake cannot be read, which counts as set: ${brake.why}`, hint: "nothing is sent" };
    }
  },
});

/**
 * Asks for the permissions of all steps before the first is sent, so that no plan stops half-way
 * for want of one.
 */
export const permissionRule = defineRule({
  id: "permission",
  code: null,
  reason: "PermissionMissing",
  outcome: "awaitingSignIn",
  asked: ["send", "takeOver", "close"],
  key: "plan",
  when: "no token at hand has the permission that an action needs; asked for all steps before the first",
  goOn: "the command that the message names, or an identity that has the permission",
  applies: ({ calls }) => calls.length > 0,
  needs: ["permissions"],
  judge: ({ calls }, { permissions }) =>
    calls.flatMap((name): Finding[] => {
      const answer = permissions.value.get(name);
      if (answer?.kind !== "missing") return [];
      const why = answer.why === undefined ? "" : ` (${answer.why})`;
      return [{ message: `${name} needs ${answer.permission}`, hint: `sign in with: ${answer.signIn}${why}` }];
    }),
});

/**
 * A pull request that lifts a limit and uses it in one go would be reviewed for the one and not for
 * the other.
 */
export const changedSettingsRule = defineRule({
  id: "changed-settings",
  code: null,
  reason: "Held",
  outcome: "pending",
  asked: ["send", "takeOver", "close"],
  realGraphOnly: true,
  key: "plan",
  when: "ledger, escrow, recipients, Graph endpoint, cloud, `tenant`, `maxDestructive`, `maxDisruptive`, `protected`, `requireReview`, `foreignLimit` or `countForeign` differ from those of the last run of this ledger: what destroys data, locks people out or puts a secret into escrow is not begun; other requests go on",
  goOn: "run `up` again, in CI with a later commit ([which run may](#which-run-may-after-a-change))",
  applies: ({ isGuarded }) => isGuarded,
  needs: ["hold"],
  judge: (_, { hold }) => (hold.kind === "seen" ? { message: hold.value, hint: "nothing was sent" } : null),
});
