import path from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { FakeMachine } from "./fake-tools.ts";
import { SpawnedCommand } from "./spawned-command.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const running: SpawnedCommand[] = [];

afterEach(() => {
  for (const { child } of running.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
});

function start(machine: FakeMachine, args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd?: string): SpawnedCommand {
  const command = new SpawnedCommand("pulumi", args, { ...machine.env, ...env }, cwd === undefined ? {} : { cwd });
  running.push(command);
  return command;
}

describe("what Pulumi is given", () => {
  test.each([
    ["words", ["stack", "ls"]],
    ["--help, which is Pulumi's", ["--help"]],
    ["-h and unknown options", ["-h", "--frobnicate=1", "--no-color"]],
    ["spaces and quotes", ["config", "set", "a b", `it's "quoted" $HOME \`x\` \\`]],
    ["--", ["--", "up", "--", "--yes"]],
    ["an empty argument", ["", "up", ""]],
    ["line breaks and other letters", ["--message", "first\nsecond – Übung 試験"]],
    ["--verbose, of which ours is not", ["up", "--verbose", "--yes"]],
    ["no argument", []],
  ])("arguments unchanged: %s", async (_what, args) => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0");

    const end = await start(machine, args).ended;

    expect(end).toMatchObject({ code: 0, stderr: "" });
    expect((await machine.calls("pulumi")).map((call) => call.args)).toEqual([args]);
  });

  test("the project's folder as its own, wherever it was started", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0");

    await start(machine, ["up"], {}, await temporaryFolder()).ended;

    expect((await machine.calls("pulumi"))[0]?.cwd).toBe(ROOT);
  });

  test("nothing of what an .npmrc says about Node, and says so", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0");
    const ofNpm = { NODE_OPTIONS: "--no-warnings", npm_config_node_options: "--no-warnings" };

    const end = await start(machine, ["up"], ofNpm).ended;

    expect(end.stderr).toMatch(/^pulumi: node-options of an \.npmrc are not handed on/);
    expect((await machine.calls("pulumi"))[0]?.env.NODE_OPTIONS).toMatch(/^--max-semi-space-size=2 --require="[^"]+lighten-program\.cjs"$/);
  });

  test("its own folder first on PATH, then the Node of this project", async () => {
    const machine = await FakeMachine.create();
    await machine.cached();

    await start(machine, ["up"]).ended;

    const [call] = await machine.calls("pulumi");
    expect(call?.env.PATH).toBe([machine.installation, path.join(ROOT, "node_modules", ".bin"), machine.bin].join(path.delimiter));
  });

  test("standard output and errors, and nothing of ours between them", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", `process.stdout.write("out"); process.stderr.write("err");`);

    const end = await start(machine, ["stack", "export"]).ended;

    expect(end).toMatchObject({ code: 0, stdout: "out", stderr: "err" });
  });

  test("login without our own backend, which it would store for all projects", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0");
    const { PULUMI_BACKEND_URL: _chosen, ...env } = machine.env;

    const end = await new SpawnedCommand("pulumi", ["login"], env).ended;

    const [call] = await machine.calls("pulumi");
    expect(end.code).toBe(0);
    expect(call?.args).toEqual(["login"]);
    expect(call?.env).not.toHaveProperty("PULUMI_BACKEND_URL");
    expect(call?.env).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE");
  });
});

describe("what Pulumi gives back", () => {
  test.each([0, 1, 6, 255])("its exit code %i", async (code) => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", `process.exit(${code});`);

    const end = await start(machine, ["up"]).ended;

    expect(end.code).toBe(code);
  });

  test.each([
    ["SIGKILL", 137],
    ["SIGSEGV", 139],
  ])("its end by %s as %i", async (signal, code) => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", `process.kill(process.pid, "${signal}"); setTimeout(() => {}, 60_000);`);

    const end = await start(machine, ["up"]).ended;

    expect(end.code).toBe(code);
  });

  test("what lacks, without a stack trace, when there is no CLI to be had", async () => {
    const machine = await FakeMachine.create();

    const end = await start(machine, ["up"]).ended;

    expect(end.code).toBe(2);
    expect(end.stdout).toBe("");
    expect(end.stderr).toMatch(/^pulumi: no download: .*\nerror: no Pulumi CLI can be had:\n(?:.*\n)+ {2}help: do one of these/);
    expect(end.stderr).not.toMatch(/^\s+at /m);
  });

  test("our own help for --installer-help alone", async () => {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0");

    const alone = await start(machine, ["--installer-help"]).ended;
    const among = await start(machine, ["up", "--installer-help"]).ended;

    expect(alone).toMatchObject({ code: 0, stdout: expect.stringContaining("Finds or installs the Pulumi CLI") });
    expect(among.stdout).toBe("");
    expect((await machine.calls("pulumi")).map((call) => call.args)).toEqual([["up", "--installer-help"]]);
  });
});

/** Counts signals, ends at SIGTERM, and says what it got. */
const COUNTING = `
const got = [];
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {
  got.push(signal);
  console.log("got " + signal);
  if (signal === "SIGTERM") { record({ got }); process.exit(9); }
});
setInterval(() => {}, 1000);
console.log("ready");`;

describe("signals", () => {
  async function started(): Promise<{ machine: FakeMachine; command: SpawnedCommand }> {
    const machine = await FakeMachine.create();
    await machine.pulumi("3.255.0", COUNTING);
    const command = start(machine, ["up"]);
    await command.printed("ready");
    return { machine, command };
  }

  async function got(machine: FakeMachine): Promise<unknown> {
    const [call] = await machine.calls("pulumi");
    return call !== undefined && "got" in call ? call.got : undefined;
  }

  test("for us alone are handed on, once each", async () => {
    const { machine, command } = await started();

    command.child.kill("SIGINT");
    await command.printed("got SIGINT");
    command.child.kill("SIGTERM");
    const end = await command.ended;

    expect(end.code).toBe(9);
    expect(await got(machine)).toEqual(["SIGINT", "SIGTERM"]);
  });

  test("for the whole group, as Ctrl-C sends them, are not doubled", async () => {
    const { machine, command } = await started();

    process.kill(-command.pid, "SIGINT");
    await command.printed("got SIGINT");
    // What npm does on top: the same signal again, for us alone.
    command.child.kill("SIGINT");
    process.kill(-command.pid, "SIGTERM");
    const end = await command.ended;

    expect(end.code).toBe(9);
    expect(await got(machine)).toEqual(["SIGINT", "SIGTERM"]);
  });
});
