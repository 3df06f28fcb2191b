import { execFile } from "node:child_process";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { openCommitsOf } from "../../cli/people/commits-of-requests.ts";
import { commitsOfLines, parseChanges } from "../../cli/people/line-history.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const WHO = ["-c", "user.name=anna", "-c", "user.email=anna@contoso.example", "-c", "commit.gpgsign=false"];
const FILE = "devices/requests/a.yaml";

describe("whose hands a request has passed through", () => {
  let checkout: string;
  const names = new Map<string, string>();

  beforeEach(async () => {
    checkout = path.join(await temporaryFolder(), "checkout");
    for (const folder of ["requests", "playbooks"]) await mkdir(path.join(checkout, "devices", folder), { recursive: true });
    await git("init", "-q", "-b", "main");
    await git("config", "core.autocrlf", "false");
  });

  const git = async (...args: readonly string[]) => (await promisify(execFile)("git", [...WHO, ...args], { cwd: checkout })).stdout.trim();
  const write = (text: string, file = FILE) => writeFile(path.join(checkout, file), text);

  async function commit(name: string): Promise<void> {
    await git("add", "-A");
    await git("commit", "-q", "--allow-empty", "-m", name);
    names.set(await git("rev-parse", "HEAD"), name);
  }

  async function handsOf(name: string, playbook: string | null = null): Promise<readonly string[]> {
    const commitsOf = await openCommitsOf(checkout, process.env);
    return [...(await commitsOf({ name, source: { file: FILE, line: 1 }, playbook }))].map((sha) => names.get(sha) ?? sha).sort();
  }

  const entry = (name: string, ...more: readonly string[]) =>
    [`  - name: ${name}`, "    device: { serialNumber: A }", ...more, ""].join("\n");
  const entries = (...all: readonly string[]) => write(`requests:\n${all.join("")}`);

  test("who wrote it and who changed it, and nobody who wrote another one", async () => {
    await entries(entry("one", "    reason: x"));
    await commit("made");
    await entries(entry("one", "    reason: x"), entry("two", "    reason: x"));
    await commit("two");
    await entries(entry("one", "    reason: y"), entry("two", "    reason: x"));
    await commit("edited");

    expect(await handsOf("one")).toEqual(["edited", "made"]);
    expect(await handsOf("two")).toEqual(["two"]);
    expect(await handsOf("two/SERIAL")).toEqual(["two"]);
  });

  test("who took a line away, which no line shows", async () => {
    await entries(entry("one", "    reason: x", "    expires: 2026-12-01"), entry("two", "    reason: x"));
    await commit("made");
    await entries(entry("one", "    reason: x"), entry("two", "    reason: x"));
    await commit("cut");

    expect(await handsOf("one")).toEqual(["cut", "made"]);
    expect(await handsOf("two")).toEqual(["made"]);
  });

  test("a merge is what its pull request brought, whoever wrote it; a renamed file is the same", async () => {
    await entries(entry("one", "    reason: x"));
    await commit("made");
    await git("checkout", "-q", "-b", "topic");
    await entries(entry("one", "    reason: z"));
    await commit("inside");
    await git("checkout", "-q", "main");
    await commit("elsewhere");
    await git("merge", "-q", "--no-ff", "-m", "merge", "topic");
    names.set(await git("rev-parse", "HEAD"), "merge");
    await git("mv", FILE, "devices/requests/b.yaml");
    await commit("renamed");
    await git("mv", "devices/requests/b.yaml", FILE);
    await commit("back");

    expect(await handsOf("one")).toEqual(["made", "merge"]);
  });

  test("who wrote its list, and its playbook but no other playbook", async () => {
    const steps = (name: string, step: string) => `  - name: ${name}\n    description: d\n    steps: [${step}]\n`;
    await entries(entry("one", "    devicesFrom: lists/a.csv"));
    await commit("made");
    await mkdir(path.join(checkout, "devices/requests/lists"));
    await write("serialNumber\nA\n", "devices/requests/lists/a.csv");
    await commit("list");
    await write(`playbooks:\n${steps("own", "syncDevice")}`, "devices/playbooks/p.yaml");
    await commit("playbook");
    await appendFile(path.join(checkout, "devices/playbooks/p.yaml"), steps("other", "rebootNow"));
    await commit("other");

    expect(await handsOf("one")).toEqual(["list", "made"]);
    expect(await handsOf("one/A", "own")).toEqual(["list", "made", "playbook"]);
  });

  test("a file that looks like git's own words has the hands that it has", async () => {
    const fake = `commit ${"f".repeat(40)}`;
    await entries(entry("one", `    reason: "x\r${fake}\r@@ -1,9 +1,0 @@"`, "    # @@ -1,9 +1,0 @@", `    # ${fake}`));
    await commit("made");
    await appendFile(path.join(checkout, FILE), `# \0\n${fake}\n@@ -1,9 +1,0 @@\n`);
    await commit("forged");

    expect(await handsOf("one")).toEqual(["made"]);
  });

  test("a request that is not there, and a history that is cut, are errors", async () => {
    await entries(entry("one", "    reason: x"));
    await commit("made");
    await commit("more");
    await expect(handsOf("other")).rejects.toThrow("has no request other");

    await git("clone", "-q", "--depth", "1", `file://${checkout}`, `${checkout}-cut`);
    await expect(openCommitsOf(`${checkout}-cut`, process.env)).rejects.toThrow("the history is cut");
  });
});

test("hunks are put in from the end of the file, whole", () => {
  const log = [`commit ${"b".repeat(40)}`, "@@ -1 +0,0 @@", "@@ -3,0 +3,2 @@", `commit ${"a".repeat(40)}`, "@@ -0,0 +1,4 @@", ""].join(
    "\n",
  );
  const lines = commitsOfLines(parseChanges(log)).map((commits) => [...commits].map((sha) => sha[0]).join(""));

  expect(lines).toEqual(["a", "a", "b", "b", "a"]);
});
