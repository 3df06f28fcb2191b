import { expect, test } from "@jest/globals";
import { runTool, tailOf } from "../../cli/pulumi/run-tool.ts";

const shell = (script: string) => ({ command: "/bin/sh", args: ["-c", script], cwd: "/", env: { PATH: process.env.PATH } });

test("both outputs are kept, and standard output by itself too", async () => {
  const result = await runTool(shell("echo out; echo err >&2; exit 3"));

  expect(result).toMatchObject({ kind: "exited", code: 3, stdout: "out\n" });
  expect(result.kind === "exited" && result.output.split("\n").sort()).toEqual(["", "err", "out"]);
});

test("a grandchild that keeps the output open does not keep us", async () => {
  const result = await runTool(shell("sleep 30 & echo $!"));

  const grandchild = result.kind === "exited" ? Number(result.stdout) : 0;
  expect(process.kill(grandchild, "SIGKILL")).toBe(true);
});

test("a tool that takes too long is killed", async () => {
  const result = await runTool({ ...shell("exec sleep 30"), limit: 50 });

  expect(result).toMatchObject({ kind: "killed", signal: "SIGKILL" });
});

test("a program that is not there is a value, not an exception", async () => {
  const result = await runTool({ ...shell(""), command: "/nowhere/at-all" });

  expect(result).toMatchObject({ kind: "notStarted", code: "ENOENT" });
});

test("an abort ends the tool first, and then throws its reason", async () => {
  const abort = new AbortController();
  const reason = new Error("enough");

  const run = runTool({ ...shell("exec sleep 30"), signal: abort.signal });
  abort.abort(reason);

  await expect(run).rejects.toBe(reason);
  await expect(runTool({ ...shell("true"), signal: abort.signal })).rejects.toBe(reason);
});

test("the end of an output is shown indented", () => {
  expect(tailOf("1\n2\n3\n\n", 2)).toBe("  | 2\n  | 3");
});
