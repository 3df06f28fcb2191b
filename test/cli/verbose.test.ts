import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { takeVerbose } from "../../cli/support/verbose.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { SpawnedCommand } from "./spawned-command.ts";

function take(args: readonly string[], { env = {}, isTerminal = false }: { env?: NodeJS.ProcessEnv; isTerminal?: boolean } = {}) {
  const written: string[] = [];
  return { env, written, ...takeVerbose(args, env, { isTerminal, write: (line) => written.push(line) }) };
}

describe("--verbose", () => {
  test.each([
    ["is not there", ["prod"]],
    ["has a number behind it: it is Pulumi's", ["prod", "--verbose", "9"]],
    ["stands behind --", ["prod", "--", "--verbose"]],
  ])("is left alone where it %s", (_what, args) => {
    const verbose = take(args);
    verbose.end();

    expect([verbose.args, verbose.env, verbose.written]).toEqual([args, {}, []]);
  });

  test("without a terminal: what is appended to the file is written, whole lines, and the file goes", () => {
    const verbose = take(["prod", "--verbose", "--yes"]);
    const file = verbose.env.DEVICE_LIFECYCLE_LOG ?? "";
    appendFileSync(file, '{"event":"a"}\n{"event":"b"}\n');
    verbose.end();

    expect(verbose.args).toEqual(["prod", "--yes"]);
    expect(verbose.written).toEqual(['{"event":"a"}', '{"event":"b"}']);
    expect(existsSync(file)).toBe(false);
  });

  test("on a terminal: the file stays, and is told", () => {
    const verbose = take(["--verbose"], { isTerminal: true });
    const file = verbose.env.DEVICE_LIFECYCLE_LOG ?? "";
    appendFileSync(file, '{"event":"a"}\n');
    verbose.end();

    expect(verbose.written).toEqual([`log: ${file}`]);
    expect(readFileSync(file, "utf8")).toBe('{"event":"a"}\n');
  });

  test("with a file of the user's own: that is told, and nothing is made", async () => {
    const file = path.join(await temporaryFolder(), "own.jsonl");
    const verbose = take(["--verbose"], { env: { DEVICE_LIFECYCLE_LOG: file } });
    verbose.end();

    expect([verbose.written, existsSync(file)]).toEqual([[`log: ${file}`], false]);
  });

  test("where no file can be made says so, and the command does its work", async () => {
    const nowhere = path.join(await temporaryFolder(), "none");
    const { code, stderr } = await new SpawnedCommand("validate", ["--verbose"], { PATH: process.env.PATH ?? "", TMPDIR: nowhere }).ended;

    expect([code, stderr]).toEqual([0, expect.stringContaining(`no log can be made in ${nowhere} (ENOENT)`)]);
    expect(stderr).not.toContain("    at ");
  });

  test("a log that is a pipe which nobody reads holds up nothing", async () => {
    const pipe = path.join(await temporaryFolder(), "pipe");
    execFileSync("mkfifo", [pipe]);
    const command = new SpawnedCommand("validate", [], { PATH: process.env.PATH ?? "", DEVICE_LIFECYCLE_LOG: pipe });
    const limit = setTimeout(() => command.child.kill("SIGKILL"), 60_000);

    const { code, stderr } = await command.ended;
    clearTimeout(limit);

    expect([code, stderr]).toEqual([0, expect.stringContaining(`the log ${pipe} cannot be written (ENXIO)`)]);
  });

  test("is an option of every command", async () => {
    const { code, stderr } = await new SpawnedCommand("validate", ["--verbose"], { PATH: process.env.PATH ?? "" }).ended;

    const lines = stderr.split("\n").filter((line) => line.startsWith("{"));
    expect(code).toBe(0);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ event: "command", command: "validate", level: "info" }]);
  });
});
