import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { describeWorld, type World } from "../../providers/domain/world.ts";
import { CHAIN_START, formatLine } from "../../providers/ledger/ledger-line.ts";
import { meetWorld } from "../../providers/rules/world-rules.ts";
import { why } from "../contract/sample-records.ts";
import { begun, edited, escrowed, finished, intent, KEY, outcome, result, settled } from "../support/fakes-records.ts";
import { answering } from "./fake-stacks.ts";
import { FakeMachine } from "./fake-tools.ts";
import { SpawnedCommand } from "./spawned-command.ts";
import { ledgerPlace, run, STACK_TRACE } from "./store-commands.ts";

const NAME = KEY.split("#")[0] ?? "";
const STORY = [begun(), escrowed(0), intent(0), result(0, "unknown"), settled(0, "taken"), finished(0), outcome("succeeded")];

describe("dlr ledger", () => {
  test("makes a ledger once", async () => {
    const { place, records } = await ledgerPlace();

    const first = await run("ledger", ["init", "--ledger", place]);
    const second = await run("ledger", ["init", "--ledger", place]);

    expect([first.code, second.code]).toEqual([0, 3]);
    expect(second.stderr).toMatch(/already/);
    expect(await records()).toEqual([]);
  });

  describe("init of a stack", () => {
    const TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    const OTHER = "00000000-86f1-41af-91ab-2d7cd011db47";
    const GLOBAL = "https://graph.microsoft.com";

    async function made(settings: Readonly<Record<string, string>>) {
      const { place, open } = await ledgerPlace();
      const machine = await FakeMachine.create();
      const own = Object.fromEntries(
        Object.entries({ ledger: place, ...settings }).map(([key, value]) => [`device-lifecycle:${key}`, value]),
      );
      await machine.pulumi("3.255.0", answering({ stacks: { prod: own } }));
      const { code, stdout } = await new SpawnedCommand("ledger", ["init", "prod"], machine.env).ended;
      const { records } = await open().read();
      return { code, stdout, records: records.filter(({ kind }) => kind !== "created") };
    }

    test.each<[string, Readonly<Record<string, string>>, World]>([
      ["Graph and tenant", { tenant: TENANT }, { graph: GLOBAL, tenant: TENANT }],
      ["the Graph of its cloud", { cloud: "usGovernment", tenant: TENANT }, { graph: "https://graph.microsoft.us", tenant: TENANT }],
      ["Graph alone where no tenant is set", {}, { graph: GLOBAL, tenant: null }],
      ["a double", { graphEndpoint: "http://127.0.0.1:8787" }, { graph: "double", tenant: null }],
    ])("writes down whose devices it is about: %s", async (_, settings, world) => {
      const { code, stdout, records } = await made(settings);

      expect(code).toBe(0);
      expect(records).toEqual([expect.objectContaining({ kind: "world", ...world })]);
      expect(stdout).toContain(`, for the devices of ${describeWorld(world)}`);
    });

    test.each<[string, World]>([
      ["another tenant", { graph: GLOBAL, tenant: OTHER }],
      ["another Graph", { graph: "https://graph.microsoft.us", tenant: TENANT }],
      ["a double", { graph: "double", tenant: null }],
    ])("so that the first run of %s is refused", async (_, world) => {
      const { records } = await made({ tenant: TENANT });

      expect(() => meetWorld(records, world, "file:ledger", "2026-11-20T12:00:00Z")).toThrow("what was done there was not done here");
      expect(meetWorld(records, { graph: GLOBAL, tenant: TENANT }, "file:ledger", "2026-11-20T12:00:00Z").record).toBeNull();
    });

    test.each<[string, Readonly<Record<string, string>>]>([
      ["are wrong", { graphEndpoint: "https://graph.example.com" }],
      ["have a key that is none", { graphEndpint: "http://127.0.0.1:8787" }],
    ])("writes down no world that is guessed where its settings %s", async (_, settings) => {
      const { code, records } = await made(settings);

      expect([code, records]).toEqual([0, []]);
    });
  });

  test("shows in words what was done, per request", async () => {
    const { place, write } = await ledgerPlace();
    await write(STORY);

    const all = await run("ledger", ["show", "--ledger", place]);
    const one = await run("ledger", ["show", NAME, "--ledger", place]);
    const other = await run("ledger", ["show", "other", "--ledger", place]);

    expect([all.code, one.code, other.code]).toEqual([0, 0, 0]);
    expect(one.stdout).toBe(all.stdout);
    expect(other.stdout).toMatch(/nothing was done yet for other/);
    for (const part of [
      KEY,
      "succeeded",
      "wipe",
      "DESTROYS DATA",
      "call-0",
      "graph-0",
      "memory:1",
      "settled as taken by anna",
      "nobody can tell",
    ]) {
      expect(all.stdout).toContain(part);
    }
  });

  test("shows why a request was done and by which run, and each edit", async () => {
    const { place, write } = await ledgerPlace();
    const bare = { ticket: null, commit: null, pullRequest: null, ciRun: null };
    await write([begun(undefined, { why: why() }), edited({ why: why({ ...bare, reason: "Returned, damaged", who: "ben@laptop" }) })]);

    const { stdout } = await run("ledger", ["show", NAME, "--ledger", place]);

    expect(stdout.split("\n").slice(2, 9)).toEqual([
      "  why          Leaver returned the iPad",
      "  ticket       INC-4711",
      "  source       devices/requests/a.yaml:2",
      "  commit       5c5a1b2f0e9d8c7b6a5f4e3d2c1b0a9f8e7d6c5b",
      "  pull request https://github.example/it/devices/pull/12",
      "  run          GitHub run 17, attempt 1, of it/devices",
      "  by           anna",
    ]);
    expect(stdout).toContain("edited: Returned, damaged; source devices/requests/a.yaml:2; by ben@laptop\n");
  });

  test("says that the why of an older ledger is not on record", async () => {
    const { place, write } = await ledgerPlace();
    await write([begun()]);

    const { stdout } = await run("ledger", ["show", NAME, "--ledger", place]);

    expect(stdout).toContain("  why          not on record");
  });

  test("tells how a request stands now, not how it once stood", async () => {
    const { place, write } = await ledgerPlace();
    const doubt = [begun(), intent(0), result(0, "unknown"), outcome("ambiguous")];
    const later = (key: string, records: readonly RequestRecord[]) => records.map((record) => ({ ...record, key }));
    await write([
      ...later("a#1", [...doubt, edited()]),
      ...later("b#1", [...doubt, settled(0, "not-taken")]),
      ...later("c#1", [...doubt, settled(0, "not-taken"), intent(0, { attempt: 2 })]),
      ...later("d#1", [begun()]),
    ]);

    const { stdout } = await run("ledger", ["show", "--ledger", place]);

    expect(stdout.split("\n").filter((line) => /^\S/.test(line))).toEqual([
      "a#1: ambiguous (it is ambiguous)",
      "b#1: settled as not-taken; no run has gone on from there yet",
      "c#1: gone on since it was ambiguous, no new outcome yet",
      "d#1: begun, no outcome yet",
    ]);
  });

  test("shows the safety settings that the last run had", async () => {
    const { place, open } = await ledgerPlace();
    const ledger = open();
    await ledger.create();
    for (const maxDestructive of ["5", "50"])
      await ledger.append({ kind: "settings", at: "2026-11-20T12:00:00.000Z", settings: { maxDestructive, protected: "[]" } });
    await ledger.close();

    const { stdout } = await run("ledger", ["show", "--ledger", place]);

    expect(stdout).toContain("safety settings since 2026-11-20T12:00:00.000Z\n  maxDestructive: 50\n  protected: []");
    expect(stdout).not.toContain("maxDestructive: 5\n");
  });

  test("shows whose devices it is about", async () => {
    const { place, open } = await ledgerPlace();
    const ledger = open();
    await ledger.create();
    const none = await run("ledger", ["show", "--ledger", place]);
    const world = { kind: "world", at: "2026-11-20T12:00:00.000Z", graph: "https://graph.microsoft.com" } as const;
    for (const tenant of [null, "aaaaaaaa-0000-4000-8000-00000000000a"]) await ledger.append({ ...world, tenant });
    await ledger.close();

    const { stdout } = await run("ledger", ["show", "--ledger", place]);

    expect(none.stdout).toBe("nothing was done yet\n");
    expect(stdout).toContain("this ledger is of https://graph.microsoft.com, tenant aaaaaaaa-0000-4000-8000-00000000000a");
  });

  test("gives every record as JSON", async () => {
    const { place, write } = await ledgerPlace();
    await write(STORY);

    const ended = await run("ledger", ["show", NAME, "--json", "--ledger", place]);

    expect(JSON.parse(ended.stdout)).toEqual(STORY);
  });

  test("keeps text from Graph off the terminal's controls", async () => {
    const { place, write } = await ledgerPlace();
    await write([begun(), intent(0), result(0, "refused", { detail: "\u001b[31mred\nnext line" })]);

    const ended = await run("ledger", ["show", "--ledger", place]);

    expect(ended.stdout).toContain("\\u{1b}[31mred\\u{a}next line");
  });

  test("verifies every line, tells a torn end, and names a line that is wrong", async () => {
    const { place, folder, write } = await ledgerPlace();
    await write(STORY);
    const file = join(folder, "ledger.jsonl");
    const sound = await readFile(file, "utf8");

    const good = await run("ledger", ["verify", "--ledger", place]);
    await writeFile(file, `${sound}{"seq":9`);
    const torn = await run("ledger", ["verify", "--ledger", place]);
    await writeFile(file, sound.replace("anna", "anne"));
    const wrong = await run("ledger", ["verify", "--ledger", place]);

    expect(good.code).toBe(0);
    expect(good.stdout).toMatch(/sound: records 8, requests 1/);
    expect(torn.code).toBe(0);
    expect(torn.stdout).toMatch(/8 bytes that a crash left/);
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).toMatch(/line 6 .*checksum/);
    expect(wrong.stderr).not.toMatch(STACK_TRACE);
  });

  test("of a newer version is refused, with the line", async () => {
    const { place, folder, write } = await ledgerPlace();
    await write([]);
    const newer = JSON.stringify({ kind: "created", version: 3, at: "2026-11-20T12:00:00.000Z" });
    await writeFile(join(folder, "ledger.jsonl"), `${formatLine(CHAIN_START, newer).text}\n`);

    const ended = await run("ledger", ["show", "--ledger", place]);

    expect(ended).toMatchObject({ code: 3, stdout: "" });
    expect(ended.stderr).toMatch(/line 1 .*written by a newer version of this product: version 3/);
    expect(ended.stderr).not.toMatch(STACK_TRACE);
  });

  test("takes the place from the stack's configuration, and says so when there is none", async () => {
    const missing = await run("ledger", ["show", "--ledger", (await ledgerPlace()).place]);
    const elsewhere = await run("ledger", ["show", "--ledger", "s3://bucket/ledger"]);
    const unknown = await run("ledger", ["show", "--stack", "no-such-stack"]);
    const misspelt = await run("ledger", ["show", "--jsno"]);

    expect([missing.code, elsewhere.code, unknown.code, misspelt.code]).toEqual([3, 2, 2, 2]);
    expect(missing.stderr).toMatch(/dlr ledger init/);
    expect(elsewhere.stderr).toMatch(/file:FOLDER/);
    expect(unknown.stderr).toMatch(/no-such-stack/);
  });
});

describe("dlr ledger show, of a list", () => {
  /** Members of a list, as they stand; the number is that of the device. */
  function members(list: string, standings: readonly Standing[], generation = 1): readonly RequestRecord[] {
    return standings.flatMap((word, index) => {
      const key = `${list}/SERIAL${index}#${generation}`;
      return [begun(undefined, { key }), intent(0, { key }), ...(word === null ? [] : [outcome(word, { key })])];
    });
  }

  type Standing = "succeeded" | "pending" | "failed" | "ambiguous" | "awaitingApproval" | null;
  const DONE: readonly Standing[] = Array.from({ length: 20 }, () => "succeeded");

  async function shown(records: readonly RequestRecord[], ...args: readonly string[]) {
    const { place, write } = await ledgerPlace();
    await write(records);
    const { code, stdout } = await run("ledger", ["show", ...args, "--ledger", place]);
    expect(code).toBe(0);
    return { place, lines: stdout.trimEnd().split("\n") };
  }

  test("is one line with counts, and one for each device that is not done, the doubtful first", async () => {
    const records = members("summer", [...DONE, "pending", "failed", null, "awaitingApproval", "ambiguous"]);

    const { place, lines } = await shown(records, "summer");

    expect(lines).toEqual([
      "summer 25: 20 done, 1 pending, 1 unfinished, 1 waiting for approval, 1 failed, 1 in doubt",
      "  summer/SERIAL24#1: ambiguous (it is ambiguous)",
      "  summer/SERIAL21#1: failed (it is failed)",
      "  summer/SERIAL23#1: awaitingApproval (it is awaitingApproval)",
      "  summer/SERIAL22#1: begun, no outcome yet",
      "  summer/SERIAL20#1: pending (it is pending)",
      `every record of each: ./dlr ledger show summer --all --ledger ${place}`,
    ]);
  });

  test("shows every record with --all, and of a device that is named", async () => {
    const records = members("summer", ["succeeded", "pending"]);

    const all = await shown(records, "summer", "--all");
    const one = await shown(records, "summer/SERIAL1");
    const key = await shown(records, "summer/SERIAL1#1");

    expect(all.lines.filter((line) => line.includes("about to send"))).toHaveLength(2);
    expect(one.lines[0]).toBe("summer/SERIAL1#1: pending (it is pending)");
    expect(one.lines.filter((line) => line.includes("about to send"))).toHaveLength(1);
    expect(key.lines).toEqual(one.lines);
  });

  test("counts a device once, as its newest generation stands", async () => {
    const records = [...members("summer", ["failed", "succeeded"]), ...members("summer", ["succeeded"], 2)];

    expect((await shown(records, "summer")).lines[0]).toBe("summer 2: 2 done");
  });

  test("takes some lines among all others: 300 devices fill no screens", async () => {
    const many = Array.from({ length: 12 }, () => "pending" as const);
    const records = [...members("summer", [...DONE, ...many]), ...STORY, ...members("winter", ["succeeded"])];

    const { place, lines } = await shown(records);

    expect(lines[0]).toBe("summer 32: 20 done, 12 pending");
    expect(lines.filter((line) => line.startsWith("  summer/"))).toHaveLength(10);
    expect(lines[11]).toBe(`  and 2 more: ./dlr ledger show summer --ledger ${place}`);
    expect(lines[12]).toBe(`${KEY}: succeeded (it is succeeded)`);
    expect(lines.at(-1)).toBe("winter 1: 1 done");
    expect((await shown(records, "--all")).lines.filter((line) => line.includes("about to send"))).toHaveLength(34);
  });

  test("gives the records of all its devices as JSON", async () => {
    const records = members("summer", ["succeeded", "pending"]);

    const { lines } = await shown([...records, ...STORY], "summer", "--json");

    expect(JSON.parse(lines.join("\n"))).toEqual(records);
  });

  test("shows a request of the same name too", async () => {
    const records = [begun(undefined, { key: "summer#1" }), ...members("summer", ["succeeded"])];

    const { lines } = await shown(records, "summer");

    expect(lines[0]).toBe("summer#1: begun, no outcome yet");
    expect(lines).toContain("summer 1: 1 done");
  });

  test.each([
    ["sumer", 'nothing was done yet for sumer (did you mean "summer"?)'],
    ["summer/SERIAL9", 'nothing was done yet for summer/SERIAL9 (did you mean "summer/SERIAL0"?)'],
    ["leeds-leaver-042", `nothing was done yet for leeds-leaver-042 (did you mean "${NAME}"?)`],
    ["something-else", "nothing was done yet for something-else"],
    ["summe", 'nothing was done yet for summe (did you mean "summer"?)'],
  ])("that nobody knows (%s) is told with a name that is near", async (asked, text) => {
    const strangers = Array.from({ length: 600 }, (_, index) => begun(undefined, { key: `other-request-${index}#1` }));

    expect((await shown([...members("summer", ["succeeded"]), ...STORY, ...strangers], asked)).lines).toEqual([text]);
  });
});
