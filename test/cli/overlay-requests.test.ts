import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { judgePull } from "../../cli/overlay/judge-pull.ts";
import { parseReview } from "../../review/review-text.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { SpawnedCommand } from "./spawned-command.ts";

const WHO = ["-c", "user.name=anna", "-c", "user.email=anna@contoso.example", "-c", "commit.gpgsign=false"];
const REF = "refs/pull/17/merge";

/**
 * A server with one branch and one pull request, and a checkout of the branch as a workflow has it.
 */
describe("the overlay of a pull request", () => {
  let server: string;
  let author: string;
  let checkout: string;

  const git = async (folder: string, ...args: readonly string[]) =>
    (await promisify(execFile)("git", [...WHO, ...args], { cwd: folder })).stdout.trim();

  beforeEach(async () => {
    const folder = await temporaryFolder();
    [server, author, checkout] = [path.join(folder, "server"), path.join(folder, "author"), path.join(folder, "checkout")];
    await git(folder, "init", "-q", "--bare", "-b", "main", server);
    await git(folder, "init", "-q", "-b", "main", author);
    await git(author, "remote", "add", "origin", server);
    await write("package.json", "{}");
    await write("devices/requests/old.yaml", "requests: []\n");
    await write("devices/requests/kept.yaml", "requests: []\n");
    await write("devices/playbooks/README.md", "# Playbooks\n");
    await commit("main");
    await git(folder, "clone", "-q", "--depth=1", `file://${server}`, checkout);
    await git(author, "checkout", "-q", "-b", "pull");
  });

  async function write(name: string, text: string): Promise<void> {
    await mkdir(path.dirname(path.join(author, name)), { recursive: true });
    await writeFile(path.join(author, name), text);
  }

  async function commit(ref: string): Promise<void> {
    await git(author, "add", "-A");
    await git(author, "commit", "-q", "-m", "work");
    await git(author, "push", "-q", "--force", "origin", `HEAD:${ref}`);
  }

  /** As GitHub does: what the pull request would be once it is merged. Gives its head back. */
  async function propose(): Promise<string> {
    await commit("refs/heads/pull");
    const head = await git(author, "rev-parse", "HEAD");
    await git(author, "checkout", "-q", "-B", "merged", "main");
    await git(author, "merge", "-q", "--no-ff", "-m", "merged", "pull");
    await git(author, "push", "-q", "--force", "origin", `HEAD:${REF}`);
    await git(author, "checkout", "-q", "pull");
    return head;
  }

  async function overlay(head: string) {
    const [review, outputs] = [path.join(checkout, "..", "review.json"), path.join(checkout, "..", "outputs")];
    await writeFile(outputs, "");
    const args = ["--ref", REF, "--head", head, "--stack", "prod", "--review", review, "--folder", checkout, "--outputs", outputs];
    const run = await new SpawnedCommand("overlay-requests.ts", args, { PATH: process.env.PATH ?? "" }).ended;
    return { ...run, outputs: await readFile(outputs, "utf8"), review: async () => parseReview(await readFile(review, "utf8"), review) };
  }

  const files = async () =>
    (await readdir(path.join(checkout, "devices"), { recursive: true, withFileTypes: true }))
      .filter((one) => one.isFile())
      .map(({ name }) => name)
      .sort();

  test("takes policies as it takes requests", async () => {
    await write("devices/policies/lock.yaml", "policies: []\n");

    const ended = await overlay(await propose());

    expect(ended.code).toBe(0);
    expect(await readFile(path.join(checkout, "devices/policies/lock.yaml"), "utf8")).toBe("policies: []\n");
  });

  test("takes what is new, changed and gone, and nothing else", async () => {
    await write("devices/requests/new/leavers.yaml", "requests: [] # new\n");
    await write("devices/requests/kept.yaml", "requests: [] # changed\n");
    await git(author, "rm", "-q", "devices/requests/old.yaml");

    const run = await overlay(await propose());

    expect(run).toMatchObject({ code: 0, outputs: "kind=overlaid\n" });
    expect(await files()).toEqual(["README.md", "kept.yaml", "leavers.yaml"]);
    expect(await readFile(path.join(checkout, "devices/requests/kept.yaml"), "utf8")).toBe("requests: [] # changed\n");
    expect(await git(checkout, "status", "--porcelain", "--", ".", ":!devices")).toBe("");
  });

  test("takes a commit of dlr archive: the requests without what was archived, and nothing of the archive", async () => {
    await write("devices/archive/2026-08/old.yaml", "requests: []\n");
    await git(author, "rm", "-q", "devices/requests/old.yaml");

    const run = await overlay(await propose());

    expect(run).toMatchObject({ code: 0, outputs: "kind=overlaid\n" });
    expect(await files()).toEqual(["README.md", "kept.yaml"]);
  });

  test.each<[string, () => Promise<void>, RegExp]>([
    ["the workflow", () => write(".github/workflows/up.yml", "on: push\n"), /changes nothing else/],
    ["package.json", () => write("package.json", '{"scripts":{"preinstall":"curl evil"}}'), /changes nothing else/],
    ["the stack's configuration", () => write("Pulumi.prod.yaml", "config: {}\n"), /changes nothing else/],
    ["recipients", () => write("escrow/recipients.txt", "age1evil\n"), /changes nothing else/],
    ["an .npmrc beside the requests", () => write("devices/requests/.npmrc", "script-shell=evil\n"), /neither YAML nor a list/],
    ["a program in the archive", () => write("devices/archive/run.ts", "process.exit()\n"), /neither YAML nor a list/],
    ["a program", () => write("devices/requests/run.ts", "process.exit()\n"), /neither YAML nor a list/],
    ["a link", () => symlink("/etc/passwd", path.join(author, "devices/requests/link.yaml")), /no plain file \(mode 120000\)/],
    ["a folder that is a link", () => symlink("/etc", path.join(author, "devices/requests/more")), /no plain file \(mode 120000\)/],
    [
      "a file that can be run",
      async () => {
        await write("devices/requests/a.yaml", "requests: []\n");
        await chmod(path.join(author, "devices/requests/a.yaml"), 0o755);
      },
      /no plain file \(mode 100755\)/,
    ],
    [
      "a name that steers a terminal",
      () => write("devices/requests/a\u001b[31m.yaml", "requests: []\n"),
      /characters that a path should not have/,
    ],
    [
      "a name that is Markdown",
      () => write("devices/requests/[a](b)|`c`.yaml", "requests: []\n"),
      /characters that a path should not have/,
    ],
    ["a file of more than 1 MiB", () => write("devices/requests/a.yaml", "#".repeat(1024 * 1024 + 1)), /1048577 bytes/],
  ])("refuses %s beside a request, writes why as a review, and touches nothing", async (_, change, why) => {
    await write("devices/requests/leavers.yaml", "requests: []\n");
    await change();

    const run = await overlay(await propose());

    expect(run).toMatchObject({ code: 1, outputs: "kind=refused\n" });
    expect((await run.review()).refusals.map(({ message }) => message).join("\n")).toMatch(why);
    expect(run.stderr).not.toContain("\u001b");
    expect(await files()).toEqual(["README.md", "kept.yaml", "old.yaml"]);
    expect(await git(checkout, "status", "--porcelain")).toBe("");
  });

  test("has nothing to do where there are no requests", async () => {
    await write("README.md", "# Devices\n");

    expect(await overlay(await propose())).toMatchObject({ code: 0, outputs: "kind=nothing\n" });
  });

  test("refuses what cannot be merged, as a review", async () => {
    await write("devices/requests/leavers.yaml", "requests: []\n");
    const head = await propose();
    await git(author, "push", "-q", "origin", "--delete", REF);

    const run = await overlay(head);

    expect(run).toMatchObject({ code: 1, outputs: "kind=refused\n" });
    expect(await run.review()).toMatchObject({ stack: "prod", commit: head, refusals: [{ code: "PULL_REQUEST" }] });
  });

  test("stops where the pull request has moved on: the commit that was asked for is not the one that is there", async () => {
    await write("devices/requests/leavers.yaml", "requests: []\n");
    const head = await propose();
    await write("devices/requests/leavers.yaml", "requests: [] # and one more\n");
    await propose();

    const run = await overlay(head);

    expect(run).toMatchObject({ code: 2, stderr: expect.stringMatching(/now, and no more at/) });
    expect(await files()).toEqual(["README.md", "kept.yaml", "old.yaml"]);
  });

  test.each([
    ["--head", { head: "HEAD; touch /tmp/a" }],
    ["--head", { head: "--upload-pack=evil" }],
  ])("takes no %s that is not what it should be", async (option, { head }) => {
    expect(await overlay(head)).toMatchObject({ code: 2, stderr: expect.stringContaining(option) });
  });
});

describe("what a pull request may bring", () => {
  const file = (name: string, size = 1) => ({ path: `devices/requests/${name}`, mode: "100644", hash: "a", size });

  test.each([
    ["1,000 files, and no more", Array.from({ length: 1_001 }, (_, index) => file(`${index}.yaml`)), /1001 files/],
    ["16 MiB, and no more", Array.from({ length: 17 }, (_, index) => file(`${index}.csv`, 1024 * 1024)), /bytes, and/],
    ["no name that leads elsewhere", [file("../../package.yaml")], /characters/],
    ["no hidden folder's way up", [file("a/../b.yaml")], /characters/],
    ["no submodule", [{ ...file("sub.yaml"), mode: "160000" }], /no plain file \(mode 160000\)/],
    ["no line in a name", [file("a\nb.yaml")], /characters/],
  ])("%s", (_, entries, why) => {
    const judged = judgePull({ changed: [file("a.yaml").path], entries });

    expect(judged).toMatchObject({ kind: "refused" });
    expect(JSON.stringify(judged)).toMatch(why);
  });

  test("an archive of any size, of which only what is changed is looked at", () => {
    const inArchive = (name: string) => ({ ...file(name), path: `devices/archive/${name}` });
    const archive = [...Array.from({ length: 2_000 }, (_, index) => inArchive(`${index}.yaml`)), inArchive("old.ts")];
    const entries = [file("a.yaml"), ...archive];

    expect(judgePull({ changed: [file("a.yaml").path, "devices/archive/7.yaml"], entries })).toEqual({
      kind: "overlaid",
      entries: [file("a.yaml")],
    });
    expect(judgePull({ changed: [file("a.yaml").path, "devices/archive/old.ts"], entries }).kind).toBe("refused");
    expect(judgePull({ changed: ["devices/archive/7.yaml"], entries }).kind).toBe("nothing");
  });

  test("umlauts, spaces and folders in names", () => {
    expect(
      judgePull({ changed: [file("a.yaml").path], entries: [file("Köln/Rückläufer 2026.yaml"), file("liste.CSV"), file(".gitkeep")] }).kind,
    ).toBe("overlaid");
  });

  test("a folder whose name only begins alike is another one", () => {
    expect(judgePull({ changed: ["devices/requests-old/a.yaml"], entries: [] }).kind).toBe("nothing");
    expect(judgePull({ changed: ["devices/requests-old/a.yaml", file("a.yaml").path], entries: [] }).kind).toBe("refused");
  });
});
