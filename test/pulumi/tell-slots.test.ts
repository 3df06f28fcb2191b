import { expect, test } from "@jest/globals";
import { tellSlots } from "../../providers/pulumi/program/tell-slots.ts";
import { settings } from "../support/fakes-pulumi.ts";
import { entryOf } from "../support/fakes-resolved.ts";

const waits = () => entryOf({ steps: ["syncDevice", "remoteLock"] });

interface Run {
  readonly slots: string | undefined;
  readonly waitMs?: number;
  readonly isPreview?: boolean;
}

async function told(
  entries: Parameters<typeof tellSlots>[0],
  { slots, waitMs = 120_000, isPreview = true }: Run,
): Promise<readonly string[]> {
  const texts: string[] = [];
  const host = { isPreview, warn: async (text: string) => void texts.push(text) };
  await tellSlots(entries, settings({ waitMs, stack: "prod" }), slots === undefined ? {} : { PULUMI_NODEJS_PARALLEL: slots }, host);
  return texts;
}

const text = (slots: number, waiting: number, command: string) =>
  `Pulumi works on ${slots} resources at once, and ${waiting} requests may wait for their devices: those that come later are not sent before others have ended. ./dlr ${command} prod sets no limit; else PULUMI_PARALLEL=${waiting} does`;

test("a run with fewer slots than requests that may wait says so, in the preview and in up", async () => {
  const entries = [waits(), waits(), waits()];

  expect(await told(entries, { slots: "2" })).toEqual([text(2, 3, "preview")]);
  expect(await told(entries, { slots: "1", isPreview: false })).toEqual([text(1, 3, "up")]);
});

test.each<[string, Parameters<typeof tellSlots>[0], Run]>([
  ["there are as many slots", [waits(), waits()], { slots: "2" }],
  ["there is no limit", [waits(), waits()], { slots: "2147483647" }],
  ["nothing tells how many there are", [waits(), waits()], { slots: undefined }],
  ["what it tells is no number", [waits(), waits()], { slots: "many" }],
  ["nobody waits in this run", [waits(), waits()], { slots: "1", waitMs: 0 }],
  ["they only escrow", [entryOf({ steps: ["escrowBypassCode"] }), waits()], { slots: "1" }],
  ["they have ended", [entryOf({ steps: ["remoteLock"] }, { isEnded: true }), waits()], { slots: "1" }],
])("nothing is said where %s", async (_name, entries, run) => {
  expect(await told(entries, run)).toEqual([]);
});
