import { expect, test } from "@jest/globals";
import { eventOf } from "../../notify/event-id.ts";
import { parseRunFile, type RunFile, renderRunFile } from "../../notify/run-file.ts";
import { AT, events, happenings } from "./sample-events.ts";

const RUN: RunFile = { format: 1, stack: "prod", at: AT, exitCode: 4, totals: { failed: 1 }, events: events() };

test("a file of a run gives back what was written", () => {
  expect(parseRunFile(renderRunFile(RUN), "run.json")).toEqual(RUN);
});

test("an event of a kind that only a newer version knows is left out", () => {
  const newer = renderRunFile({ ...RUN, events: [] }).replace(
    '"events": []',
    '"events": [{ "kind": "newer", "id": "a", "at": "b", "stack": "c" }]',
  );

  expect(parseRunFile(newer, "run.json").events).toEqual([]);
});

test.each(["", "{}", "[]", '{ "format": 2 }', '{ "format": 1, "stack": "prod" }'])("%j is no file of a run", (text) => {
  expect(() => parseRunFile(text, "run.json")).toThrow("run.json is no file of a run, or one of another version");
});

test("an event has the same id whenever it is told, and another one where something else happened", () => {
  const ids = (at: string, stack = "prod") => happenings("x").map((happening) => eventOf(happening, stack, at).id);

  expect(ids(AT)).toEqual(ids(AT));
  expect(new Set([...ids(AT), ...ids(AT, "other")]).size).toBe(11);
});
