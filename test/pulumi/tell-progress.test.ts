import { expect, test } from "@jest/globals";
import { type ProgressNote, parseProgress } from "../../providers/pulumi/tell-progress.ts";

const NOTES: readonly ProgressNote[] = [
  { kind: "open", requests: 3 },
  { kind: "waits", name: "leeds-leaver-0042", for: "doubt", until: 1_700_000_000_000 },
  { kind: "says", text: "Graph asks to wait", at: 1_700_000_000_000 },
];

test.each(NOTES)("a note of kind $kind is read as it was written", (note) => {
  expect(parseProgress(JSON.stringify(note))).toEqual(note);
});

test.each([
  ["half a line", '{"kind":"open","req'],
  ["no object", "3"],
  ["another kind", '{"kind":"opens","requests":3}'],
  ["a text for a number", '{"kind":"open","requests":"3"}'],
  ["no text", '{"kind":"says","at":3}'],
  ["no time", '{"kind":"says","text":"a"}'],
  ["nobody's wait", '{"kind":"waits","for":"doubt","until":3}'],
  ["a wait without an end", '{"kind":"waits","name":"a","for":"doubt"}'],
  ["a wait for something else", '{"kind":"waits","name":"a","for":"tea","until":3}'],
])("a line with %s says nothing", (_name, line) => {
  expect(parseProgress(line)).toBeNull();
});
