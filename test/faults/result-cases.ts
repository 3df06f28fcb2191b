import { DONE, taken, untold } from "./expectations.ts";
import type { Expected, FaultCase, Strike } from "./fault-case.ts";

const ends = (state: "failed" | "notSupported" | "canceled" | "never" | "silent"): Strike => ({
  call: "act",
  effect: { kind: "result", state },
});
const bad = (state: string): Expected => ({
  up: "failed",
  posts: 1,
  keeps: "intent accepted failed",
  says: new RegExp(`^failed: \\w+: the device reported it as ${state}$`),
});
const failing = (state: "failed" | "notSupported" | "canceled"): FaultCase => ({
  name: state,
  strikes: [ends(state)],
  once: bad(state),
  repeatable: bad(state),
  unreported: taken(1),
});
const OPEN = untold(1);
const ADOPTED: Expected = { up: "succeeded", posts: 0, keeps: "adopted done", says: DONE };

/** How Graph took the action, and what became of it. */
export const RESULT_CASES: readonly FaultCase[] = [
  failing("failed"),
  failing("notSupported"),
  failing("canceled"),
  { name: "never", strikes: [ends("never")], once: OPEN, repeatable: OPEN, unreported: taken(1) },
  {
    name: "only in a later run",
    few: true,
    strikes: [ends("never")],
    meanwhile: "checkIn",
    once: { ...OPEN, later: ["succeeded", 1] },
    repeatable: { ...OPEN, later: ["succeeded", 1] },
    unreported: taken(1),
  },
  {
    name: "never, and a week goes by",
    few: true,
    strikes: [ends("never")],
    meanwhile: "aWeekPasses",
    once: OPEN,
    repeatable: OPEN,
    unreported: taken(1),
  },
  {
    name: "nothing, ever",
    few: true,
    strikes: [ends("silent")],
    once: OPEN,
    repeatable: OPEN,
    unreported: taken(1),
    // What it does shows all the same: the device is gone.
    but: { wipe: { ...taken(1), says: DONE }, retire: { ...taken(1), says: DONE }, delete: { ...taken(1), says: DONE } },
  },
  {
    name: "the device is gone afterwards",
    strikes: [ends("never")],
    meanwhile: "remove",
    once: { ...OPEN, later: ["failed", 1] },
    leaving: { ...OPEN, later: ["succeeded", 1] },
    repeatable: { ...OPEN, later: ["failed", 1] },
    unreported: taken(1),
  },
  {
    name: "the device is enrolled anew afterwards",
    few: true,
    strikes: [ends("never")],
    meanwhile: "reenrol",
    once: { ...OPEN, later: ["failed", 1] },
    repeatable: { ...OPEN, later: ["failed", 1] },
    unreported: taken(1),
  },
  {
    name: "somebody else has started it",
    few: true,
    strikes: [],
    underWay: true,
    once: ADOPTED,
    repeatable: ADOPTED,
    // Nothing tells that it is under way.
    unreported: taken(1),
    but: {
      // The code went with the wipe.
      wipe: { up: "failed", posts: 0, keeps: "", says: /^failed: Intune has no Activation Lock bypass code of .*nothing was sent/ },
      // The device is gone already.
      delete: {
        up: "failed",
        posts: 0,
        keeps: "",
        says: /^failed: device \S+ left Intune before escrowBypassCode; nothing was sent for this step$/,
      },
    },
  },
];
