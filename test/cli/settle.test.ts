import { describe, expect, test } from "@jest/globals";
import type { RequestRecord } from "../../providers/domain/ledger-record.ts";
import { actionResult } from "../support/fakes-devices.ts";
import { adopted, begun, finished, intent, KEY, outcome, result, settled } from "../support/fakes-records.ts";
import { ledgerPlace, run, STACK_TRACE } from "./store-commands.ts";

const NAME = KEY.split("#")[0] ?? "";
const { secret: _, ...seenBefore } = actionResult("wipe", "done");
const AMBIGUOUS: readonly RequestRecord[] = [
  begun(),
  intent(0, { snapshot: [seenBefore] }),
  result(0, "unknown", { detail: "the connection was reset" }),
  outcome("ambiguous", { message: "the device reports nothing new" }),
];

async function ledgerOf(records: readonly RequestRecord[]) {
  const place = await ledgerPlace();
  await place.write(records);
  return { ...place, settle: (...args: string[]) => run("settle", [NAME, ...args, "--ledger", place.place]) };
}

describe("npm run settle", () => {
  test.each([
    ["--taken", "taken"],
    ["--not-taken", "not-taken"],
  ])("%s goes on record with who and why, after the evidence", async (option, decision) => {
    const { settle, records } = await ledgerOf(AMBIGUOUS);

    const ended = await settle(option, "--why", "device in hand", "--yes");

    expect(ended.code).toBe(0);
    for (const part of [
      "wipe",
      "DESTROYS DATA",
      "call-0",
      "graph-0",
      "the connection was reset",
      "the device reports nothing new",
      "wipe done",
    ]) {
      expect(ended.stderr).toContain(part);
    }
    expect((await records()).at(-1)).toEqual({
      kind: "settled",
      key: KEY,
      at: expect.stringMatching(/Z$/),
      step: 0,
      attempt: 1,
      decision,
      who: expect.stringMatching(/.+@.+/),
      why: "device in hand",
    });
    expect((await settle(option, "--why", "again", "--yes")).code).toBe(2);
    expect(await records()).toHaveLength(AMBIGUOUS.length + 1);
  });

  test.each([
    ["Graph took and the device never reported", [begun(), intent(0), result(0, "accepted"), outcome("pending")], 1, "was never done"],
    ["somebody else had started", [begun(), adopted(0), outcome("pending")], 0, "came to nothing"],
  ])("settles what %s, after a run has looked", async (_case, story, attempt, said) => {
    const { settle, records } = await ledgerOf(story);

    const ended = await settle("--not-taken", "--why", "device in hand", "--yes");

    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining(said) });
    expect((await records()).at(-1)).toMatchObject({ kind: "settled", step: 0, attempt, decision: "not-taken" });
  });

  test("shows what the run saw that gave up", async () => {
    const seen = { results: [{ ...seenBefore, actionState: "pending" as const }], managementState: "wipePending" };
    const { settle } = await ledgerOf([...AMBIGUOUS.slice(0, -1), outcome("ambiguous", { seen })]);

    const ended = await settle();

    expect(ended.stderr).toMatch(/then\s+management state wipePending; the device reported .*\n\s+wipe pending, started/);
  });

  test("takes a decision without a reason, and says so on record", async () => {
    const { settle, records } = await ledgerOf(AMBIGUOUS);

    const ended = await settle("--taken", "--yes");

    expect(ended.code).toBe(0);
    expect((await records()).at(-1)).toMatchObject({ kind: "settled", decision: "taken", why: "no reason given" });
  });

  test.each([
    ["without a decision", ["--why", "x", "--yes"], /--taken or --not-taken/],
    ["with both decisions", ["--taken", "--not-taken", "--why", "x", "--yes"], /cannot be used with/],
    ["without a person who confirms", ["--taken", "--why", "x"], /--yes/],
    ["with a generation that is none", ["--taken", "--why", "x", "--yes", "--generation", "0"], /whole number/],
  ])("records nothing %s", async (_case, args, text) => {
    const { settle, records } = await ledgerOf(AMBIGUOUS);

    const ended = await settle(...args);

    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(text);
    expect(ended.stderr).not.toMatch(STACK_TRACE);
    expect(await records()).toHaveLength(AMBIGUOUS.length);
  });

  test.each([
    ["is finished", [begun(), intent(0), result(0, "accepted"), finished(0), outcome("succeeded")], /it is succeeded/],
    ["was settled before", [...AMBIGUOUS, settled(0, "taken")], /no run has looked .* since wipe .*npm run up/s],
    ["was left behind by a run that nobody followed", [begun(), intent(0), result(0, "unknown")], /npm run up/],
    [
      "was left behind after it had been settled and sent again",
      [...AMBIGUOUS, settled(0, "not-taken"), intent(0, { attempt: 2 })],
      /npm run up/,
    ],
    ["was never begun", [], /knows no request/],
  ])("has nothing to settle when the step %s", async (_case, story, text) => {
    const { settle, records } = await ledgerOf(story);

    const ended = await settle("--taken", "--why", "x", "--yes");

    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(text);
    expect(await records()).toHaveLength(story.length);
  });

  test("settles the newest generation, or the one that is named", async () => {
    const key = `${NAME}#2`;
    const older = AMBIGUOUS;
    const newer = AMBIGUOUS.map((record) => ({ ...record, key }));
    const { settle, records } = await ledgerOf([...older, ...newer]);

    await settle("--taken", "--why", "x", "--yes");
    await settle("--taken", "--why", "x", "--yes", "--generation", "1");

    expect((await records()).slice(-2).map((record) => record.key)).toEqual([key, KEY]);
  });

  test("waits for nobody's run: it says who has the ledger", async () => {
    const { open, settle, records } = await ledgerOf(AMBIGUOUS);
    const holder = open();

    const ended = await holder.withDevice("any", () => settle("--taken", "--why", "x", "--yes"));

    expect(ended.code).toBe(3);
    expect(ended.stderr).toMatch(new RegExp(`in use by process ${process.pid}`));
    expect(await records()).toHaveLength(AMBIGUOUS.length);
    await holder.close();
  });
});
