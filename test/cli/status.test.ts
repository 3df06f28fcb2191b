import { describe, expect, test } from "@jest/globals";
import { chooseRows, type Wanted } from "../../cli/status/choose-rows.ts";
import { driftsIn } from "../../cli/status/read-drifts.ts";
import type { StatusRow } from "../../cli/status/row.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { why } from "../contract/sample-records.ts";
import { begun, edited, finished, intent, outcome, result } from "../support/fakes-records.ts";
import { shelfOutputs } from "../support/fakes-shelf.ts";
import { answering } from "./fake-stacks.ts";
import { FakeMachine } from "./fake-tools.ts";
import { SpawnedCommand } from "./spawned-command.ts";
import { ledgerPlace, run, STACK_TRACE } from "./store-commands.ts";

const SUCCEEDED = [begun(), intent(0), result(0, "accepted"), finished(0), outcome("succeeded")];
const PENDING = [begun(), intent(0), result(0, "accepted"), outcome("pending", { message: "waits for its device" })];
const FAILED = [begun(), outcome("failed", { message: "the device said no", at: "2026-11-26T09:30:00.000Z" })];

function of(name: string, story: readonly RequestRecord[], generation = 1): readonly RequestRecord[] {
  return story.map((record) => ({ ...record, key: `${name}#${generation}` }));
}

const LEDGER = [
  ...of("summer/A", SUCCEEDED),
  ...of("summer/B", PENDING),
  ...of("leaver", FAILED),
  ...of("leaver", [...PENDING, edited({ why: why({ ticket: "INC-4712" }) })], 2),
  ...of("lost", FAILED),
];

async function ledger(records: readonly RequestRecord[] = LEDGER) {
  const place = await ledgerPlace();
  await place.write(records);
  const lines = async (...args: string[]) => (await run("status", [...args, "--ledger", place.place])).stdout.trimEnd().split("\n");
  return { place: place.place, lines };
}

describe("dlr status", () => {
  test("is one line a request, lists folded, each as its newest generation stands", async () => {
    const { place } = await ledger();

    const ended = await run("status", ["--ledger", place]);

    expect(ended.code).toBe(0);
    expect(ended.stdout).toBe(`REQUEST   STANDS   SINCE             DEVICE        TICKET    WHY
summer    pending  2026-11-20 12:00  2 devices     -         1 pending, 1 done
leaver#2  pending  2026-11-20 12:00  DMPXK2ABCDEF  INC-4712  pending (waits for its device)
lost      failed   2026-11-26 09:30  DMPXK2ABCDEF  -         failed (the device said no)
`);
    expect(ended.stderr).toBe(`ledger ${place} · brake off\n4 requests; the whole of one: ./dlr ledger show NAME --ledger ${place}\n`);
  });

  test.each<[readonly string[], readonly string[]]>([
    [["--failed"], ["lost"]],
    [["--waiting"], ["summer/B", "leaver#2"]],
    [
      ["--failed", "--waiting"],
      ["summer/B", "leaver#2", "lost"],
    ],
    [["--since", "2026-11-26"], ["lost"]],
    [["--device", "dmpxk2abcdef", "--failed"], ["lost"]],
    [["--ticket", "inc-4712"], ["leaver#2"]],
    [["summer"], ["summer/A", "summer/B"]],
    [["summer/B"], ["summer/B"]],
  ])("%j shows %j", async (args, names) => {
    const { lines } = await ledger();

    expect((await lines(...args)).slice(1).map((line) => line.split(" ")[0])).toEqual(names);
  });

  test("--json prints every request as data, and nothing else on stdout", async () => {
    const { place } = await ledger();

    const rows = JSON.parse((await run("status", ["--json", "--ledger", place])).stdout) as readonly StatusRow[];

    expect(rows.map(({ name, standing }) => [name, standing])).toEqual([
      ["summer/A", "succeeded"],
      ["summer/B", "pending"],
      ["leaver", "pending"],
      ["lost", "failed"],
    ]);
    expect(rows[3]).toMatchObject({ generation: 1, since: "2026-11-26T09:30:00.000Z", serialNumber: "DMPXK2ABCDEF", ticket: null });
  });

  test("says what is wrong with what it is asked", async () => {
    const { place } = await ledger();
    const empty = await ledger([]);

    const [unknown, since, nothing, missing] = await Promise.all([
      run("status", ["leavr", "--ledger", place]),
      run("status", ["--since", "yesterday", "--ledger", place]),
      run("status", ["--ledger", empty.place]),
      run("status", ["--ledger", `${place}-none`]),
    ]);

    expect(unknown.stderr).toMatch(
      /"leavr" is no stack, and the ledger knows no request and no list of that name \(did you mean "leaver"\?\)\n {2}help: \.\/dlr status --ledger/,
    );
    expect(since.stderr).toMatch(/--since "yesterday" is no time\n {2}help: write a day \(20\d\d-\d\d-\d\d\), or how long ago: 7d/);
    expect(nothing).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("nothing was done yet") });
    expect([unknown.code, since.code, missing.code]).toEqual([2, 2, 3]);
    for (const { stderr } of [unknown, since, missing]) expect(stderr).not.toMatch(STACK_TRACE);
  });
});

describe("the drift that only the state knows", () => {
  const drifted = (name: string, status: string, reason: string, generation = 1) => ({
    outputs: {
      outcome: "succeeded",
      request: { name, generation },
      conditions: [
        { type: "Finished", status: "True", message: "done" },
        { type: "Drifted", status, reason, message: "another bypass code", lastTransitionTime: "2026-11-25T08:15:00.000Z" },
      ],
    },
  });
  const STATE = {
    deployment: {
      resources: [
        { type: "pulumi:pulumi:Stack" },
        drifted("summer/A", "True", "BypassCodeChanged"),
        drifted("leaver", "Unknown", "NotVisible", 2),
      ],
    },
  };

  async function statusOf(body: string) {
    const { place } = await ledger([
      ...of("summer/A", SUCCEEDED),
      ...of("summer/B", SUCCEEDED),
      ...of("leaver", SUCCEEDED, 2),
      ...of("lost", FAILED),
    ]);
    const machine = await FakeMachine.create();
    const prod = { "device-lifecycle:graphEndpoint": "http://127.0.0.1:1", "device-lifecycle:ledger": place };
    await machine.pulumi("3.255.0", answering({ stacks: { prod }, body }));
    return (...args: readonly string[]) => new SpawnedCommand("status", ["prod", ...args], machine.env).ended;
  }

  test("stands in the rows of what is done, and --drifted shows it alone", async () => {
    const status = await statusOf(`fs.writeFileSync(args[args.indexOf("--file") + 1], ${JSON.stringify(JSON.stringify(STATE))});`);

    const [all, alone] = [await status(), await status("--drifted", "--json")];

    expect(all.code).toBe(0);
    expect(all.stdout).toContain("2 done, 1 drifted since\n");
    expect(all.stdout).toContain("drift unknown since 2026-11-25 08:15: another bypass code\n");
    expect((JSON.parse(alone.stdout) as readonly StatusRow[]).map(({ name, drift }) => [name, drift?.status])).toEqual([
      ["summer/A", "drifted"],
      ["leaver", "unknown"],
    ]);
  });

  test("is told of requests on a shelf", () => {
    const drift = [{ kind: "LeftIntune", state: "known", about: "device", message: "it left", firstSeen: "x", lastSeen: "y" }];
    const one = (name: string, found: readonly unknown[]) => ({ request: { name, generation: 1 }, outcome: "succeeded", drift: found });
    const resources = [{ outputs: shelfOutputs(one("a", drift), one("b", [])) }];

    expect(driftsIn(JSON.stringify({ deployment: { resources } }))).toEqual(
      new Map([["a#1", { status: "drifted", message: "it left", since: "x" }]]),
    );
  });

  test("is left out, and that is said, where the state cannot be read", async () => {
    const status = await statusOf("console.error('the backend is away'); process.exit(1);");

    const { code, stdout, stderr } = await status();

    expect(code).toBe(0);
    expect(stdout).toContain("lost");
    expect(stderr).toContain("the state of prod cannot be read, and drift is not shown:\n  | the backend is away");
  });

  test.each(["", "null", "{}", '{"deployment":{"resources":[null,{"outputs":{"request":{"name":1}}}]}}'])("is none in %j", (text) => {
    expect(driftsIn(text).size).toBe(0);
  });
});

describe("rows", () => {
  const NOW = Date.parse("2026-11-27T12:00:00Z");
  const row = (changes: Partial<StatusRow>): StatusRow => ({
    name: "a",
    generation: 1,
    standing: "succeeded",
    since: "2026-11-27T11:00:00.000Z",
    serialNumber: "S1",
    deviceId: "id-1",
    deviceName: "Anna's iPad",
    ticket: null,
    reason: null,
    message: "",
    drift: null,
    ...changes,
  });

  test.each<[Partial<StatusRow>, Wanted, boolean]>([
    [{}, {}, true],
    [{}, { since: "1h" }, true],
    [{}, { since: "59m" }, false],
    [{ since: "2026-11-20T12:00:00.000Z" }, { since: "7d" }, true],
    [{ since: "2026-11-20T11:59:59.000Z" }, { since: "7d" }, false],
    [{}, { since: "2026-11-27T11:00:01Z" }, false],
    [{}, { device: "ID-1" }, true],
    [{}, { device: "anna's ipad " }, true],
    [{ serialNumber: null }, { device: "S1" }, false],
    [{ ticket: "INC-1" }, { ticket: "INC-2" }, false],
    [{ standing: "ambiguous" }, { failed: true }, true],
    [{ standing: "expired" }, { failed: true }, true],
    [{ standing: "awaitingSignIn" }, { waiting: true }, true],
    [{ standing: "unfinished" }, { waiting: true }, true],
    [{ standing: "ambiguous" }, { waiting: true }, false],
    [{}, { drifted: true }, false],
    [{ drift: { status: "unknown", message: "", since: "" } }, { drifted: true }, true],
    [{ drift: { status: "drifted", message: "", since: "" } }, { drifted: true, failed: true }, false],
  ])("%j is among %j: %s", (changes, wanted, isChosen) => {
    expect(chooseRows([row(changes)], wanted, NOW)).toHaveLength(isChosen ? 1 : 0);
  });
});
