import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { newFilesWith, ProcessWatch } from "../support/leak-hunt.ts";
import { leaksIn } from "../support/secrets.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const SECRET = "canary/4K7Q1+P9D0M=3TXY";

test.each<[string, string]>([
  ["as it is", SECRET],
  ["backwards", SECRET.split("").reverse().join("")],
  ["in another case", SECRET.toUpperCase()],
  ["in an address", encodeURIComponent(SECRET)],
  ["with each byte in percent", Buffer.from(SECRET).toString("hex").replaceAll(/../g, "%$&")],
  ["in hex", Buffer.from(SECRET).toString("hex").toUpperCase()],
  ["in base64", Buffer.from(SECRET).toString("base64")],
  ["in the base64 of more, one byte on", Buffer.from(`a${SECRET}b`).toString("base64")],
  ["in the base64url of more, two bytes on", Buffer.from(`ab${SECRET}`).toString("base64url")],
])("the hunt finds a secret %s", (_, text) => {
  expect(leaksIn(`before${text}after`, [SECRET])).not.toEqual([]);
});

test("a PIN is found as a word, and not in a longer number", () => {
  expect(leaksIn('{"pin":"031337"}', ["031337"])).toEqual(["031337"]);
  expect(leaksIn("2026-11-20T12:00:00.0313370Z a031337", ["031337"])).toEqual([]);
});

test("files are looked at where they are new, whatever lies above them", async () => {
  const folder = await temporaryFolder();
  const since = Date.now();
  await mkdir(path.join(folder, "a/.b"), { recursive: true });
  await mkdir(path.join(folder, "node_modules"));
  for (const name of ["a/.b/new", "a/old", "node_modules/new"])
    await writeFile(path.join(folder, name), Buffer.from(SECRET).toString("base64"));
  await utimes(path.join(folder, "a/old"), 0, 0);

  expect(await newFilesWith(folder, since - 1_000, [SECRET])).toEqual([path.join(folder, "a/.b/new")]);
});

(existsSync("/proc/self/environ") ? test : test.skip)("arguments and environment of a run's processes are seen", async () => {
  const mark = `MARK=${randomUUID()}`;
  const env = { ...process.env, MARK: mark.slice(5), GIVEN: `x${SECRET}` };
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()", SECRET.slice(7)], { env, stdio: ["pipe", "ignore", "ignore"] });
  await once(child, "spawn");
  const watch = new ProcessWatch(mark);

  while (watch.programs.size === 0) await watch.look();
  child.stdin.end();
  await once(child, "close");

  expect(watch.showing([SECRET])).toHaveLength(1);
  expect(watch.showingInArguments([SECRET])).toEqual([]);
  expect(watch.showingInArguments([SECRET.slice(7)])).toHaveLength(1);
});
