import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { stackNamed } from "../../cli/pulumi/stack-named.ts";
import { sha256 } from "../../review/digest.ts";
import { renderReview } from "../../review/review-text.ts";
import { reviewOf } from "../support/fakes-review.ts";
import { answering as answeringFor, type FakeStacks, reviewing } from "./fake-stacks.ts";
import { FakeMachine } from "./fake-tools.ts";
import { type Ended, SpawnedCommand } from "./spawned-command.ts";

const EMULATOR = { "device-lifecycle:graphEndpoint": "http://127.0.0.1:8787" };

const REVIEW = renderReview(reviewOf([]));

/** `dev` is selected; a preview leaves a review, and what is no question it does as told. */
const answering = (body = "", stacks: FakeStacks["stacks"] = { dev: EMULATOR, prod: EMULATOR }) =>
  answeringFor({ stacks, body: reviewing(REVIEW) + body, ...(stacks.dev === undefined ? {} : { selected: "dev" }) });

/** `up` is sure, unless said. */
async function run(
  machine: FakeMachine,
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = name === "up" ? SURE : {},
): Promise<Ended> {
  return await new SpawnedCommand(name, args, { ...machine.env, ...env }).ended;
}

/** As Pulumi knows it. */
const SURE = { PULUMI_SKIP_CONFIRMATIONS: "true" };

/** Calls of the command itself. */
async function runsOf(machine: FakeMachine, name: string) {
  return (await machine.calls("pulumi")).filter(({ args }) => args[0] === name);
}

describe.each(["up", "preview"])("dlr %s", (name) => {
  test("hands all arguments to Pulumi's command, with many resources at once", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", answering());

    const end = await run(machine, name, ["--stack", "dev", "--diff", "a b", "--", ""]);

    const [call] = await runsOf(machine, name);
    expect(end.code).toBe(0);
    expect(call?.args).toEqual([name, "--stack", "dev", "--diff", "a b", "--", ""]);
    expect(call?.env).toMatchObject({ PULUMI_PARALLEL: "2147483647", PULUMI_SKIP_CHECKPOINTS: "true" });
  });

  test("takes the word behind it for the stack, and says first which one it is about", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", answering("console.error('Pulumi runs');"));

    const end = await run(machine, name, ["prod", "--diff"]);

    expect((await runsOf(machine, name))[0]?.args).toEqual([name, "--stack", "prod", "--diff"]);
    expect(end.stderr).toBe("stack prod · ledger file:emulator-stores/ledger · EMULATOR http://127.0.0.1:8787 · brake off\nPulumi runs\n");
  });

  test("refuses two stacks", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", answering());

    const end = await run(machine, name, ["prod", "--stack", "dev"]);

    expect(end).toMatchObject({ code: 2, stderr: "error: two stacks are named: prod and dev\n" });
    expect(await machine.calls("pulumi")).toEqual([]);
  });

  test("leaves PULUMI_PARALLEL as it is set", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", answering());

    await run(machine, name, ["dev"], { ...SURE, PULUMI_PARALLEL: "3" });

    expect((await runsOf(machine, name))[0]?.env.PULUMI_PARALLEL).toBe("3");
  });

  test.each(["--help", "-h"])("%s is ours, and names Pulumi's", async (option) => {
    const machine = await FakeMachine.create();

    const end = await run(machine, name, [option]);

    expect(end.code).toBe(0);
    expect(end.stdout).toContain(`dlr pulumi ${name} --help`);
  });

  test.each([
    [
      "a stack that is not there",
      ["prdo"],
      { dev: EMULATOR, prod: EMULATOR },
      /there is no stack "prdo" \(did you mean "prod"\?\)\n {2}help: there are dev and prod; a new one is made on purpose only/,
    ],
    [
      "no stack at all",
      ["--stack=dev"],
      {},
      /there is no stack "dev"\n {2}help: there are no stacks yet; a new one is made on purpose only: \.\/dlr pulumi stack init dev/,
    ],
  ])("runs nothing on %s", async (_case, args, stacks, text) => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", answering("", stacks));

    const end = await run(machine, name, args);

    expect(end.code).toBe(2);
    expect(end.stderr).toMatch(text);
    expect(await runsOf(machine, name)).toEqual([]);
  });

  test("runs nothing while settings are wrong, and tells all mistakes", async () => {
    const machine = await FakeMachine.create();
    const prod = { "device-lifecycle:protectd": "ceo@*", "device-lifecycle:maxDestructive": { secret: "many" } };
    await machine.pulumi("3.255.0", answering("", { prod }));

    const end = await run(machine, name, ["prod"]);

    expect(end.code).toBe(2);
    expect(end.stderr).toMatch(
      /2 mistakes:[\s\S]*protectd is not known \(did you mean "protected"\?\)[\s\S]*maxDestructive is "\[secret\]"/,
    );
    expect(await runsOf(machine, name)).toEqual([]);
  });

  test("counts what -c says as the settings that the run will have", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", answering());

    const end = await run(machine, name, ["dev", "-c", "ledger=file:own", "--config", "device-lifecycle:graphEndpoint=http://127.0.0.1:1"]);

    expect(end.stderr).toContain("ledger file:own · EMULATOR http://127.0.0.1:1 ·");
  });

  test.each([
    ["what our own processes said", "4\\n", 1, 4],
    ["the first that went wrong, where they said several", "4\\n3\\n4\\n", 1, 3],
    ["0 where Pulumi is content, whatever they said", "4\\n", 0, 0],
  ])("ends with %s", async (_case, told, code, expected) => {
    const machine = await FakeMachine.create();
    const script = `require("node:fs").appendFileSync(process.env.DEVICE_LIFECYCLE_EXIT_FILE, "${told}"); process.exit(${code});`;
    await machine.pulumi("3.255.0", answering(script));

    const end = await run(machine, name, ["dev"]);

    expect(end.code).toBe(expected);
  });
});

describe("dlr up, which shows a preview first", () => {
  test("previews with what a preview takes, then performs what was shown, named by its digest", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", answering());

    const end = await run(machine, "up", ["dev", "-y", "--continue-on-error", "-m", "--yes"], {});

    const [preview, up] = [await runsOf(machine, "preview"), await runsOf(machine, "up")];
    const logOf = (args: readonly string[] | undefined) => args?.[2] ?? "";
    expect(end.code).toBe(0);
    expect(preview.map(({ args }) => args)).toEqual([["preview", "--event-log", logOf(preview[0]?.args), "--stack", "dev", "-m", "--yes"]]);
    expect(up.map(({ args }) => args)).toEqual([
      ["up", "--event-log", logOf(up[0]?.args), "--yes", "--skip-preview", "--stack", "dev", "--continue-on-error", "-m", "--yes"],
    ]);
    expect(preview[0]?.env).toMatchObject({ DEVICE_LIFECYCLE_BEFORE_UP: "true", PULUMI_DEBUG_COMMANDS: "true" });
    expect(up[0]?.env).toMatchObject({
      DEVICE_LIFECYCLE_SHOWN: preview[0]?.env.DEVICE_LIFECYCLE_SAVE_REVIEW,
      DEVICE_LIFECYCLE_SHOWN_SHA256: sha256(REVIEW),
    });
    expect(up[0]?.env.DEVICE_LIFECYCLE_REVIEWED).toBeUndefined();
    expect(existsSync(path.dirname(preview[0]?.env.DEVICE_LIFECYCLE_SAVE_REVIEW ?? "/"))).toBe(false);
  });

  test("performs nothing where the preview failed, and ends as it did", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", answering("console.error('no such provider'); process.exit(9);"));

    const end = await run(machine, "up", ["dev", "--yes"], {});

    expect(end).toMatchObject({ code: 9, stdout: expect.stringContaining("no such provider") });
    expect(await runsOf(machine, "up")).toEqual([]);
  });

  test("performs nothing where the preview does not say what would be done", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", answeringFor({ stacks: { dev: EMULATOR } }));

    const end = await run(machine, "up", ["dev", "--yes"], {});

    expect(end).toMatchObject({ code: 2, stderr: expect.stringContaining("the preview did not say what would be done; nothing was sent") });
    expect(await runsOf(machine, "up")).toEqual([]);
  });

  test("needs --yes where nobody can be asked, and then starts nothing", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", answering());

    const end = await run(machine, "up", ["dev"], {});

    expect(end).toMatchObject({ code: 2, stderr: "error: nobody is there to confirm this\n  help: add --yes when you are sure\n" });
    expect(await machine.calls("pulumi")).toEqual([]);
  });

  test("with --skip-preview shows nothing, and holds nothing to it", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", answering());

    await run(machine, "up", ["dev", "--skip-preview"], {});

    expect(await runsOf(machine, "preview")).toEqual([]);
    expect((await runsOf(machine, "up"))[0]?.env.DEVICE_LIFECYCLE_SHOWN).toBeUndefined();
  });
});

describe("a stack that is not named", () => {
  test("is no stack for up without a terminal: the line to type is told", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", answering());

    const end = await run(machine, "up", ["--yes"]);

    expect(end.code).toBe(2);
    expect(end.stderr).toMatch(
      /^error: no stack is named, and without a terminal none is taken by itself\n {2}help: name it: dlr up STACK\n$/,
    );
    expect(await machine.calls("pulumi")).toEqual([]);
  });

  test("is the selected one for preview, which says so", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", answering());

    const end = await run(machine, "preview", []);

    expect(end.code).toBe(0);
    expect(end.stderr).toMatch(/^stack dev · /);
  });

  test("may be named by PULUMI_STACK", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", answering());

    expect((await run(machine, "up", ["--yes"], { PULUMI_STACK: "dev" })).code).toBe(0);
  });

  test("is an error where none is selected", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", answering("", {}));

    const end = await run(machine, "preview", []);

    expect(end.code).toBe(2);
    expect(end.stderr).toMatch(/no stack is named, and none is selected\n {2}help: name one behind the command; there are no stacks yet/);
  });
});

describe("the stack that arguments name", () => {
  test.each<[readonly string[], string | null]>([
    [["--yes"], null],
    [["--stack", "a"], "a"],
    [["--stack=a/b"], "a/b"],
    [["-s", "a", "--stack", "b"], "b"],
    [["-sa"], "a"],
    [["--yes", "--", "--stack", "a"], null],
    [["--stack"], null],
    [["--stack-name", "a"], null],
    [["-s=a", "--skip-preview"], "a"],
  ])("%j: %j", (args, name) => {
    expect(stackNamed(args)).toBe(name);
  });
});
