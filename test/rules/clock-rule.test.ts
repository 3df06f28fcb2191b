import { describe, expect, test } from "@jest/globals";
import { type Observation, seen } from "../../providers/domain/observation.ts";
import type { RequestTerms } from "../../providers/domain/request-record.ts";
import { seeClock } from "../../providers/engine/observe.ts";
import { wrongClockRule } from "../../providers/rules/clock-rule.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { jobOf, lifecycleRequest, type StepText } from "../support/fakes-requests.ts";
import { ruleFacts } from "../support/fakes-rules.ts";

const OURS = Date.parse("2026-11-20T12:00:00.250Z");
const MINUTES_5 = 5 * 60_000;

function ask(steps: readonly StepText[], seenClock: Observation["clock"], expires: RequestTerms["expires"] = null) {
  const facts = ruleFacts(jobOf(lifecycleRequest(steps), ANDROID).plan, ANDROID);
  const request = { ...facts.request, terms: { expires, acknowledge: [] } };
  return wrongClockRule.ask({ ...facts, request, seen: seenClock === undefined ? {} : { clock: seenClock } });
}

const reading = (graphs: number) => seen({ ours: OURS, graphs }, OURS, "the answers of Graph");
const WRONG = reading(OURS - 3_600_000);

describe("a clock that is not Graph's", () => {
  test.each([
    ["five minutes behind", MINUTES_5, "fine"],
    ["five minutes ahead", -MINUTES_5, "fine"],
    ["more than five minutes behind", MINUTES_5 + 1, "against"],
    ["more than five minutes ahead", -MINUTES_5 - 1, "against"],
  ])("%s: %s ms, %s", (_name, apart, kind) => {
    expect(ask(["wipe"], reading(OURS + apart))).toMatchObject({ kind });
  });

  test("says both times, and what to do", () => {
    expect(ask(["wipe"], WRONG)).toMatchObject({
      rule: { reason: "ClockWrong", outcome: "pending" },
      findings: [
        {
          message: expect.stringContaining(
            "the clock of this machine says 2026-11-20T12:00:00Z, and Graph's says 2026-11-20T11:00:00Z: it is 60 minutes ahead",
          ),
          hint: expect.stringContaining("set the clock of this machine"),
        },
      ],
    });
    expect(ask(["wipe"], reading(OURS + 600_000))).toMatchObject({ findings: [{ message: expect.stringContaining("10 minutes behind") }] });
  });

  test("is looked at first, and cannot be compared where no answer told the time", () => {
    const unknown = seeClock({ graphClock: () => null }, OURS);

    expect(ask(["wipe"], undefined)).toEqual({ kind: "look", at: ["clock"] });
    expect(ask(["wipe"], unknown)).toMatchObject({
      rule: { reason: "NotReadable", outcome: "pending" },
      findings: [{ message: expect.stringContaining("no answer tells Graph's own time: see which proxy on the way") }],
    });
    expect(ask(["syncDevice"], unknown)).toEqual({ kind: "fine" });
  });

  test.each([
    ["what destroys data", ["wipe"], null, "against"],
    ["what destroys data in the end", ["escrowBypassCode", "syncDevice", "retire"], null, "against"],
    ["what locks people out", ["remoteLock"], null, "against"],
    ["what makes another passcode", ["resetPasscode"], null, "against"],
    ["what may be repeated", ["syncDevice"], null, "fine"],
    ["what may be repeated and expires: whether it has nobody can tell", ["syncDevice"], "2026-11-20", "against"],
  ] as const)("holds %s: %j, %s", (_name, steps, expires, kind) => {
    expect(ask(steps, WRONG, expires)).toMatchObject({ kind });
  });
});
