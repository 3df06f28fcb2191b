import { describe, expect, jest, test } from "@jest/globals";
import { findDoubt } from "../../cli/settle/find-doubt.ts";
import { recordDecision } from "../../cli/settle/record-decision.ts";
import { settleList } from "../../cli/settle/settle-list.ts";
import { commandWriter } from "../../cli/support/command-writer.ts";
import { knownRequests } from "../../cli/support/known-requests.ts";
import { deviceFacts } from "../../providers/domain/managed-device.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { actionResult, MAC } from "../support/fakes-devices.ts";
import { adopted, begun, finished, intent, KEY, outcome, result, settled } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";
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

describe("dlr settle", () => {
  test.each([
    ["--taken", "taken"],
    ["--not-taken", "not-taken"],
  ])("%s goes on record with who and why, after the evidence", async (option, decision) => {
    const { settle, records } = await ledgerOf(AMBIGUOUS);

    const ended = await settle(option, "--why", "device in hand", "--yes");

    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/^recorded: wipe of .+; it goes on with: \.\/dlr up\n$/);
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

  test("of a lock of a Mac that was never reported says that its PIN is not in escrow, before it lets other actions go on", async () => {
    const plan = jobOf(lifecycleRequest(["remoteLock", "syncDevice"]), MAC).plan;
    const lock = { action: "remoteLock", destroysData: false } as const;
    const story = [begun(plan, { device: deviceFacts(MAC) }), intent(0, lock), result(0, "accepted"), outcome("pending")];
    const { settle, records } = await ledgerOf(story);

    const ended = await settle("--taken", "--why", "the PIN is in my safe", "--yes");

    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(/makes a PIN, which is not in escrow: .* 30 days/);
    expect((await records()).at(-1)).toMatchObject({ kind: "settled", step: 0, attempt: 1, decision: "taken" });
  });

  test("shows what the run saw that gave up", async () => {
    const seen = { results: [{ ...seenBefore, actionState: "pending" as const }], managementState: "wipePending" };
    const { settle } = await ledgerOf([...AMBIGUOUS.slice(0, -1), outcome("ambiguous", { seen })]);

    const ended = await settle();

    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/then\s+management state wipePending; the device reported .*\n\s+wipe pending, started/);
  });

  test("shows whoever only looks the evidence and the whole commands, records nothing and ends well", async () => {
    const { settle, place, records } = await ledgerOf(AMBIGUOUS);

    const ended = await settle("--generation", "1");

    expect(ended).toMatchObject({ code: 0, stderr: `ledger ${place} · brake off\n` });
    expect(ended.stdout).toContain("the connection was reset");
    expect(ended.stdout.trimEnd().split("\n").slice(-3)).toEqual([
      "  to settle it, one of",
      `    ./dlr settle ${NAME} --generation 1 --taken --why "what you saw, and where" --ledger ${place}`,
      `    ./dlr settle ${NAME} --generation 1 --not-taken --why "what you saw, and where" --ledger ${place}`,
    ]);
    expect(await records()).toHaveLength(AMBIGUOUS.length);
  });

  test.each([
    ["for a reason without a decision", ["--why", "x"], /--taken or --not-taken/],
    ["for a yes without a decision", ["--yes"], /--taken or --not-taken/],
    ["without a reason", ["--taken", "--yes"], /needs a reason[\s\S]*--why TEXT/],
    ["without a reason that says something", ["--not-taken", "--why", "  ", "--yes"], /needs a reason/],
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
    ["was settled before", [...AMBIGUOUS, settled(0, "taken")], /no run has looked .* since wipe .*dlr up/s],
    ["was left behind by a run that nobody followed", [begun(), intent(0), result(0, "unknown")], /dlr up/],
    [
      "was left behind after it had been settled and sent again",
      [...AMBIGUOUS, settled(0, "not-taken"), intent(0, { attempt: 2 })],
      /dlr up/,
    ],
    ["was never begun", [], /knows no request and no list "leeds-leaver-0042"\n.*dlr ledger show --ledger file:/],
  ])("has nothing to settle when the step %s", async (_case, story, text) => {
    const { settle, records } = await ledgerOf(story);

    const ended = await settle("--taken", "--why", "x", "--yes");

    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(text);
    expect(await records()).toHaveLength(story.length);
  });

  test("tells whoever only looks that nothing is in doubt, and ends well", async () => {
    const { settle, place } = await ledgerOf([begun(), intent(0), result(0, "accepted"), finished(0), outcome("succeeded")]);

    expect(await settle()).toMatchObject({
      code: 0,
      stdout: `there is nothing to settle for ${KEY}: no step of it is in doubt; it is succeeded\n  ./dlr ledger show ${KEY} --ledger ${place} shows what was done\n`,
    });
  });

  test("says which name was meant, and which generation there is", async () => {
    const { place } = await ledgerOf(AMBIGUOUS);

    const misspelt = await run("settle", [`${NAME}0`, "--ledger", place]);
    const newer = await run("settle", [NAME, "--generation", "2", "--ledger", place]);

    expect([misspelt.code, newer.code]).toEqual([2, 2]);
    expect(misspelt.stderr).toContain(`(did you mean "${NAME}"?)`);
    expect(newer.stderr).toContain(`knows no generation 2 of "${NAME}"`);
  });

  test("of a key shows the commands for that very generation", async () => {
    const { place } = await ledgerOf([...AMBIGUOUS, ...AMBIGUOUS.map((record) => ({ ...record, key: `${NAME}#2` }))]);

    const { code, stdout } = await run("settle", [KEY, "--ledger", place]);

    expect(code).toBe(0);
    expect(stdout).toContain(`./dlr settle ${NAME} --generation 1 --taken`);
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

describe("dlr settle, of a list", () => {
  /** One device of the list `summer`, with the records of a story. */
  function member(serial: string, story: readonly RequestRecord[], generation = 1): readonly RequestRecord[] {
    return story.map((record) => ({ ...record, key: `summer/${serial}#${generation}` }));
  }

  const SUCCEEDED = [begun(), intent(0), result(0, "accepted"), finished(0), outcome("succeeded")];
  const PENDING = [begun(), intent(0), result(0, "accepted"), outcome("pending")];
  const RETIRE = jobOf(lifecycleRequest(["retire"])).plan;
  const SUMMER = [...member("A", SUCCEEDED), ...member("B", AMBIGUOUS), ...member("C", PENDING), ...member("D", AMBIGUOUS)];

  async function summer(records: readonly RequestRecord[]) {
    const place = await ledgerPlace();
    await place.write(records);
    const settledKeys = async () => (await place.records()).flatMap((record) => (record.kind === "settled" ? [record.key] : []));
    return { ...place, settledKeys, settle: (...args: string[]) => run("settle", ["summer", ...args, "--ledger", place.place]) };
  }

  test("shows which devices are in doubt, the evidence of each and every command to type", async () => {
    const { settle, place, settledKeys } = await summer(SUMMER);

    const { code, stdout } = await settle();

    const lines = stdout.split("\n");
    expect(code).toBe(0);
    expect(lines[0]).toBe("summer 4: 1 done, 1 pending, 2 in doubt");
    expect(lines.filter((line) => /^summer\/.*DESTROYS DATA/.test(line))).toEqual([
      "summer/B#1, step 1: wipe, DESTROYS DATA",
      "summer/D#1, step 1: wipe, DESTROYS DATA",
    ]);
    for (const name of ["summer/B", "summer/D", "summer"])
      expect(lines).toContain(`    ./dlr settle ${name} --not-taken --why "what you saw, and where" --ledger ${place}`);
    expect(stdout).toContain("to settle all 2 with one decision");
    expect(await settledKeys()).toEqual([]);
  });

  test("shows the evidence of ten, and the command for each that is left", async () => {
    const serials = Array.from({ length: 12 }, (_, index) => `S${index}`);
    const { settle, place } = await summer(serials.flatMap((serial) => member(serial, AMBIGUOUS)));

    const { stdout } = await settle();

    expect(stdout.match(/the connection was reset/g)).toHaveLength(10);
    expect(stdout).toContain("and 2 more in doubt; their evidence:");
    expect(stdout.split("\n")).toContain(`    ./dlr settle summer/S11 --ledger ${place}`);
  });

  test("settles every one in doubt, after each was named, and nothing else", async () => {
    const { settle, records, settledKeys } = await summer(SUMMER);

    const { code, stdout, stderr } = await settle("--not-taken", "--why", "all four in my hands", "--yes");

    expect(code).toBe(0);
    expect(stderr).toContain("  summer/B#1: wipe, DESTROYS DATA, serial ");
    expect(stderr).toContain("  summer/D#1: wipe, DESTROYS DATA, serial ");
    expect(stderr).not.toContain("summer/C");
    expect(await settledKeys()).toEqual(["summer/B#1", "summer/D#1"]);
    expect((await records()).at(-1)).toMatchObject({ decision: "not-taken", step: 0, attempt: 1, why: "all four in my hands" });
    expect(stdout).toMatch(/all 2 are settled; they go on with: \.\/dlr up\n$/);
  });

  test.each([
    ["without a person who confirms", SUMMER, ["--taken", "--why", "x"], /--yes/],
    ["without a reason", SUMMER, ["--taken", "--yes"], /needs a reason/],
    [
      "where the devices are in doubt about different steps",
      [...SUMMER, ...member("E", [begun(RETIRE), intent(0, { action: "retire" }), result(0, "unknown"), outcome("ambiguous")])],
      ["--taken", "--why", "x", "--yes"],
      /different steps[\s\S]*dlr settle summer --ledger/,
    ],
    [
      "where nothing is in doubt",
      [...member("A", SUCCEEDED), ...member("C", PENDING)],
      ["--taken", "--why", "x", "--yes"],
      /summer 2: 1 done, 1 pending\n.*ledger show summer/,
    ],
    [
      "where everything was settled",
      [...member("A", SUCCEEDED), ...member("B", [...AMBIGUOUS, settled(0, "taken")])],
      ["--taken", "--why", "x", "--yes"],
      /nothing of the list is in doubt: summer 2: 1 done, 1 unfinished\n.*dlr up/,
    ],
    ["of a generation that is not there", SUMMER, ["--generation", "2"], /no generation 2/],
  ])("records nothing %s", async (_case, story, args, text) => {
    const { settle, records } = await summer(story);

    const ended = await settle(...args);

    expect(ended.stderr).toMatch(text);
    expect(ended.code).toBe(2);
    expect(ended.stderr).not.toMatch(STACK_TRACE);
    expect(await records()).toHaveLength(story.length);
  });

  test("settles only those that were named: others that came to be in doubt meanwhile are seen", async () => {
    const { open, settledKeys } = await summer(SUMMER);
    const ledger = open();
    const silenced = jest.spyOn(console, "error").mockImplementation(() => undefined);
    const shown = knownRequests(SUMMER.filter(({ key }) => key !== "summer/D#1"));
    const settling = {
      ledger,
      decision: { decision: "taken", why: "x" },
      saidYes: true,
      generation: null,
      command: commandWriter({}, "posix"),
    } as const;

    await expect(settleList("summer", shown, settling)).rejects.toThrow("other devices of the list are in doubt now");

    expect(await settledKeys()).toEqual([]);
    expect(silenced.mock.calls.flat().join("\n")).toContain("summer/B#1");
    silenced.mockRestore();
    await ledger.close();
  });

  test.each([
    ["was settled by somebody else", [settled(0, "taken")]],
    ["was sent again, and is in doubt anew", [settled(0, "not-taken"), intent(0, { attempt: 2 }), outcome("ambiguous")]],
  ])("records nothing for a step that meanwhile %s", async (_case, since) => {
    const { open, records } = await summer(member("B", [...AMBIGUOUS, ...since]));
    const ledger = open();
    const seen = findDoubt(AMBIGUOUS);
    if (seen.kind !== "doubt") throw new TypeError("nothing is in doubt");
    const before = (await records()).length;

    const recorded = recordDecision(ledger, "summer/B#1", seen.doubt, { decision: "not-taken", why: "x" });

    await expect(recorded).rejects.toThrow("stands otherwise now");
    expect(await records()).toHaveLength(before);
    await ledger.close();
  });
});
