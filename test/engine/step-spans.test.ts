import { expect, test } from "@jest/globals";
import type { Decision } from "../../providers/engine/decide/decision.ts";
import { StepSpans } from "../../providers/engine/step-spans.ts";
import { createWatch, type EndedSpan } from "../../providers/telemetry/create-watch.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

test("the span of a step is over when the step is finished, and others when the run ends", async () => {
  const ended: EndedSpan[] = [];
  const spans = new StepSpans(createWatch([(span) => ended.push(span)], null));
  const [first, second] = jobOf(lifecycleRequest(["syncDevice", "rebootNow"])).plan.steps;
  if (first === undefined || second === undefined) throw new Error("two steps are needed");
  const finish: Decision = { kind: "finishStep", step: first, status: "done", reason: "Reported", detail: "", result: null };

  await spans.within({ kind: "place", step: first }, async () => undefined);
  await spans.within(finish, async () => undefined);
  await spans.within({ kind: "place", step: second }, async () => undefined);
  const before = ended.map(({ facts }) => [facts.action, facts.acts]);
  spans.end();

  expect(before).toEqual([["syncDevice", "place finishStep"]]);
  expect(ended.map(({ facts }) => facts.action)).toEqual(["syncDevice", "rebootNow"]);
});
