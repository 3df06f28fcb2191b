import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { beforeEach, describe, expect, test } from "@jest/globals";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { begun, finished, intent, outcome, result } from "../support/fakes-records.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ledgerPlace, run, STACK_TRACE } from "./store-commands.ts";

const WHO = ["-c", "user.name=anna", "-c", "user.email=anna@contoso.example", "-c", "commit.gpgsign=false"];
const HEAD = "# Leeds\nrequests:\n";
const entry = (name: string, device = `device: { serialNumber: ${name.toUpperCase()} }`) => `
  # ${name} came back
  - name: ${name}
    ${device}
    reason: Returned
    playbook: escrow-bypass-code
`;
const list = (name: string, file: string) => entry(name, `devicesFrom: ${file}`);

function done(name: string, at: string): readonly RequestRecord[] {
  const story = [begun(), intent(0), result(0, "accepted"), finished(0), outcome("succeeded", { at })];
  return story.map((record) => ({ ...record, key: `${name}#1` }));
}

describe("dlr archive", () => {
  let root: string;
  let ledger: string;
  let write: (name: string, text: string) => Promise<void>;

  beforeEach(async () => {
    root = await temporaryFolder();
    write = async (name, text) => {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), text);
    };
    await git("init", "-q", "-b", "main");
    const place = await ledgerPlace();
    ledger = place.place;
    await place.write([
      ...["old", "older", "summer/A", "summer/B", "more/C"].flatMap((name) => done(name, "2024-02-03T10:00:00.000Z")),
      ...done("recent", new Date().toISOString()),
      ...done("open", "2024-02-03T10:00:00.000Z").slice(0, -1),
    ]);
  });

  const git = async (...args: readonly string[]) => (await promisify(execFile)("git", [...WHO, ...args], { cwd: root })).stdout;
  const commit = async () => {
    await git("add", "-A");
    await git("commit", "-q", "-m", "work");
  };
  const archive = (...args: readonly string[]) =>
    run("archive", ["--ledger", ledger, "--requests", path.join(root, "requests"), "--playbooks", path.join(root, "playbooks"), ...args]);
  const read = (name: string) => readFile(path.join(root, name), "utf8");
  const files = async () =>
    (await readdir(root, { recursive: true, withFileTypes: true }))
      .filter((one) => one.isFile() && !one.parentPath.includes(".git"))
      .map((one) => path.relative(root, path.join(one.parentPath, one.name)))
      .sort();

  test("takes what finished long ago out of a file, and leaves every other line as it was; totals come first", async () => {
    await write("requests/leeds.yaml", HEAD + entry("old") + entry("recent") + entry("open"));
    await commit();

    const ended = await archive();

    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toMatch(
      /^1 request of 3 finished before \d{4}-\d\d-\d\d and can be archived\n {2}1 request stays: not finished\n/,
    );
    expect(ended.stdout).toMatch(/\nold +1 +2024-02-03 +.*requests\/leeds\.yaml\n/);
    expect(ended.stdout).toMatch(/\ngit add --all -- \S*requests \S*archive\ngit commit -m "Archive 1 finished request"\n/);
    expect(await read("requests/leeds.yaml")).toBe(HEAD + entry("recent") + entry("open"));
    expect(await read("archive/2024-02/leeds.yaml")).toBe(`requests:${entry("old")}`);
    expect(await files()).toEqual(["archive/2024-02/leeds.yaml", "requests/leeds.yaml"]);
  });

  test("a file of which all goes is moved as it is, with the lists that nobody else names", async () => {
    await write("requests/2024/returns.yaml", HEAD + list("summer", "../lists/summer.csv") + list("more", "more.csv"));
    await write("requests/other.yaml", HEAD + entry("open"));
    await write("requests/lists/summer.csv", "serialNumber\nA\nB\n");
    await write("requests/2024/more.csv", "serialNumber\nC\n");
    await commit();

    const ended = await archive();
    await git("add", "-A");

    expect(ended.stdout).toMatch(/^3 requests of 4 /);
    expect((await git("status", "--porcelain")).split("\n").filter((line) => line !== "")).toEqual([
      "R  requests/2024/more.csv -> archive/2024-02/2024/more.csv",
      "R  requests/2024/returns.yaml -> archive/2024-02/2024/returns.yaml",
      "R  requests/lists/summer.csv -> archive/2024-02/lists/summer.csv",
    ]);
  });

  test("a list that another request names stays, and the archive has a copy", async () => {
    await write("requests/a.yaml", HEAD + list("summer", "summer.csv") + list("later", "summer.csv"));
    await write("requests/summer.csv", "serialNumber\nA\nB\n");
    await commit();

    expect(await archive()).toMatchObject({ code: 0 });
    expect(await files()).toEqual(["archive/2024-02/a.yaml", "archive/2024-02/summer.csv", "requests/a.yaml", "requests/summer.csv"]);
  });

  test("what comes later goes behind what the archive has; the archive can be read as requests are", async () => {
    await write("requests/a.yaml", HEAD + entry("old") + entry("open"));
    await commit();
    await archive();
    await write("requests/a.yaml", HEAD + entry("older") + entry("open"));
    await commit();
    await archive();

    const validated = await run("validate", [path.join(root, "archive/2024-02")]);

    expect(await read("archive/2024-02/a.yaml")).toBe(`requests:${entry("old")}${entry("older").slice(1)}`);
    expect(await read("requests/a.yaml")).toBe(HEAD + entry("open"));
    expect(validated.code).toBe(0);
  });

  test("writes nothing with --dry-run, and nothing where there is nothing to do", async () => {
    await write("requests/a.yaml", HEAD + entry("old") + entry("open"));

    const [dry, young] = [await archive("--dry-run"), await archive("--older-than", "99999d")];

    expect(dry).toMatchObject({ code: 0, stderr: expect.stringContaining("--dry-run: nothing was written") });
    expect(dry.stdout).toMatch(/^1 request of 2 /);
    expect(young).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^0 requests of 2 finished before [\s\S]* 1 request stays: finished later than that\n$/),
    });
    expect(await files()).toEqual(["requests/a.yaml"]);
  });

  test("leaves alone, and names, a file whose entries have no lines of their own, and an archive that has such an entry", async () => {
    const brackets =
      "requests: [{ name: old, device: { id: A }, reason: x, playbook: escrow-bypass-code }, { name: open, device: { id: B }, reason: x, playbook: escrow-bypass-code }]\n";
    await write("requests/brackets.yaml", brackets);
    await write("requests/twice.yaml", HEAD + entry("older") + entry("recent"));
    await write("archive/2024-02/twice.yaml", HEAD + entry("older"));

    const ended = await archive();

    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(
      /^0 requests of 4 [\s\S]*2 requests stay: cannot be taken out of its file alone[\s\S]*brackets\.yaml\n.*twice\.yaml\n$/,
    );
    expect(await read("requests/brackets.yaml")).toBe(brackets);
  });

  test.each<[string, () => Promise<void>, number, RegExp]>([
    [
      "with changes that are not committed",
      () => write("requests/new.yaml", HEAD + entry("new")),
      2,
      /not committed: requests\/new\.yaml\n/,
    ],
    ["with a mistake in a request", () => write("requests/new.yaml", "requests: 1\n"), 1, /nothing was written/],
    ["whose archive is a link", async () => symlink("/tmp", path.join(root, "archive")), 2, /not committed|symbolic link/],
    ["whose archive month is a file", () => write("archive/2024-02", ""), 2, /not committed|something else/],
  ])("writes nothing to a folder %s", async (_, change, code, why) => {
    await write("requests/a.yaml", HEAD + entry("old") + entry("open"));
    await commit();
    await change();

    const ended = await archive();

    expect(ended).toMatchObject({ code, stderr: expect.stringMatching(why) });
    expect(ended.stderr).not.toMatch(STACK_TRACE);
    expect(await read("requests/a.yaml")).toBe(HEAD + entry("old") + entry("open"));
  });

  test("follows no link, whoever committed it", async () => {
    await write("requests/a.yaml", HEAD + entry("old") + entry("open"));
    await symlink("requests", path.join(root, "archive"));
    await commit();

    expect(await archive()).toMatchObject({ code: 2, stderr: expect.stringContaining("symbolic link") });
    expect(await files()).toEqual(["requests/a.yaml"]);
  });

  test("refuses a ledger that is not there, and a time that is none", async () => {
    await write("requests/a.yaml", HEAD + entry("old"));

    expect((await archive("--ledger", `${ledger}-none`)).code).toBe(3);
    expect((await archive("--older-than", "long")).code).toBe(2);
    expect(await files()).toEqual(["requests/a.yaml"]);
  });

  test("status and ledger go on knowing what was archived", async () => {
    await write("requests/a.yaml", HEAD + entry("old") + entry("open"));
    await commit();
    await archive();

    const [status, show] = [await run("status", ["old", "--ledger", ledger]), await run("ledger", ["show", "old", "--ledger", ledger])];

    expect(status.stdout).toMatch(/^old +done/m);
    expect(show).toMatchObject({ code: 0, stdout: expect.stringContaining("old") });
  });
});
