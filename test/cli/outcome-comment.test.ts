import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { why } from "../contract/sample-records.ts";
import { begun, outcome } from "../support/fakes-records.ts";
import { type GitHubDouble, gitHubDescription, startGitHubDouble } from "../support/github-double.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startValidatingProxy, type ValidatingProxy } from "../support/validating-proxy.ts";
import { ledgerPlace, run } from "./store-commands.ts";

const BOT = "github-actions[bot]";
const WHO = ["-c", "user.name=anna", "-c", "user.email=anna@contoso.example", "-c", "commit.gpgsign=false"];
const HOUR = 3_600_000;

const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
const of = (key: string, ...story: readonly RequestRecord[]) => story.map((record) => ({ ...record, key }));
const done = (key: string, hours = 1) => of(key, begun(), outcome("succeeded", { at: ago(hours) }));
const failed = (key: string, edition = "one") =>
  of(key, begun(), outcome("failed", { at: ago(1), message: "the device said @no | `and` more", edition }));
const entry = (name: string, ...more: readonly string[]) =>
  [
    `  - name: ${name}`,
    `    device: { serialNumber: ${name.toUpperCase()} }`,
    "    reason: Returned",
    "    steps: [syncDevice]",
    ...more,
    "",
  ].join("\n");

/**
 * A checkout with its history, a ledger, and GitHub: each call and answer is held against its own
 * description.
 */
describe("dlr outcome-comment", () => {
  let proxy: ValidatingProxy;
  let github: GitHubDouble;
  let checkout: string;
  let ledger: Awaited<ReturnType<typeof ledgerPlace>>;

  beforeAll(async () => {
    proxy = await startValidatingProxy(gitHubDescription(), null);
  });
  beforeEach(async () => {
    github = await startGitHubDouble();
    proxy.leadTo(github.url);
    checkout = path.join(await temporaryFolder(), "checkout");
    await mkdir(path.join(checkout, "devices/requests"), { recursive: true });
    await git("init", "-q", "-b", "main");
    ledger = await ledgerPlace();
  });
  afterEach(async () => {
    await github.close();
    expect(proxy.takeViolations()).toEqual([]);
  });
  afterAll(() => proxy?.close());

  const git = async (...args: readonly string[]) => (await promisify(execFile)("git", [...WHO, ...args], { cwd: checkout })).stdout.trim();

  /** What a pull request brought. Gives the commit. */
  async function merged(...entries: readonly string[]): Promise<string> {
    await writeFile(path.join(checkout, "devices/requests/leavers.yaml"), `requests:\n${entries.join("")}`);
    await git("add", "-A");
    await git("commit", "-q", "-m", "work");
    return git("rev-parse", "HEAD");
  }

  function cameWith(...pulls: readonly (readonly [commit: string, number: number])[]): void {
    for (const [, number] of pulls) github.issues.add(number);
    github.pullsOf = (commit) => pulls.flatMap(([of, number]) => (of === commit ? [{ number, mergedAt: ago(2) }] : []));
  }

  const command = (...args: readonly string[]) =>
    run("outcome-comment", ["--ledger", ledger.place, "--folder", checkout, ...args], {
      GITHUB_TOKEN: "ghs_secret_token_of_the_run",
      GITHUB_API_URL: proxy.url,
      GITHUB_REPOSITORY: "contoso/devices",
    });
  const post = async (...args: readonly string[]) => {
    const { code, stderr } = await command("--post", ...args);
    return [code, ...stderr.trim().split("\n").slice(1)];
  };
  const comments = () => github.comments.map(({ on, body }) => [on, body.split("\n")[1]]);

  test("tells the pull request that a request came with, once", async () => {
    cameWith([await merged(entry("one"), entry("two")), 17]);
    await ledger.write([...done("one#1"), ...failed("two#1")]);

    expect(await post()).toEqual([0, "#17: was told of 2 requests"]);
    expect(await post()).toEqual([0, "#17: knows it already"]);
    expect(comments()).toEqual([[17, "**2 requests have ended: 1 failed and 1 done.**"]]);
    expect(github.comments[0]?.body).toContain("| `two` | `DMPXK2ABCDEF` | **failed** |");
    expect(github.comments[0]?.body).toContain("`failed (the device said @no \\u{7c} \\u{60}and\\u{60} more)` |");
    expect(github.comments[0]?.body).toContain(" | done | ");
    expect(proxy.validated()).toBeGreaterThan(0);
  });

  test("tells of what ends later, and of another end after an edit, in a comment of its own", async () => {
    cameWith([await merged(entry("one"), entry("two")), 17]);
    await ledger.write([...failed("one#1"), ...of("two#1", begun())]);
    await post();
    const opened = ledger.open();
    for (const record of [
      ...of("two#1", outcome("succeeded", { at: ago(0) })),
      ...of("one#1", outcome("failed", { edition: "two", at: ago(0) })),
    ])
      await opened.append(record);
    await opened.close();

    expect(await post()).toEqual([0, "#17: was told of 2 requests"]);
    expect(comments().map(([, text]) => text)).toEqual([
      "**1 request has ended: 1 failed.**",
      "**2 requests have ended: 1 failed and 1 done.**",
    ]);
  });

  test("each request with the pull request that brought it, or its generation; spaces count for nothing", async () => {
    const first = await merged(entry("one"), entry("two"));
    const second = await merged(entry("one"), entry("two", "    generation: 2"));
    await merged(entry("one").replaceAll(/^ /gm, "   "), entry("two", "    generation: 2").replaceAll(/^ /gm, "   "));
    cameWith([first, 17], [second, 18]);
    await ledger.write([...done("one#1"), ...done("two#1"), ...failed("two#2")]);

    expect(await post()).toEqual([0, "#17: was told of 1 request", "#18: was told of 1 request"]);
    expect(github.comments.map(({ on, body }) => [on, /^\| `([^`]+)`/m.exec(body)?.[1]])).toEqual([
      [17, "one"],
      [18, "two#2"],
    ]);
  });

  test("an issue that the ticket names is told too; what is none keeps nobody from being told", async () => {
    cameWith([await merged(entry("one"), entry("two"), entry("three")), 17]);
    github.issues.add(12);
    const ticket = (key: string, text: string) =>
      done(key).map((one) => (one.kind === "begun" ? { ...one, why: why({ ticket: text }) } : one));
    await ledger.write([...ticket("one#1", "#12"), ...ticket("two#1", "GH-99"), ...ticket("three#1", "INC-12")]);

    expect(await post()).toEqual([0, "#17: was told of 3 requests", "#12: was told of 1 request", "#99: there is no such issue"]);
    expect(github.comments.map(({ on }) => on)).toEqual([17, 12]);
  });

  test("of several pull requests the one that was merged first; what another ledger has done is another end", async () => {
    await merged(entry("one"));
    for (const number of [18, 19]) github.issues.add(number);
    github.pullsOf = () => [19, 18].map((number) => ({ number, mergedAt: ago(20 - number) }));
    for (const _ of ["prod", "test"]) {
      ledger = await ledgerPlace();
      await ledger.write(done("one#1"));
      expect(await post()).toEqual([0, "#18: was told of 1 request"]);
    }

    expect(github.comments).toHaveLength(2);
  });

  test("what somebody else wrote tells nothing", async () => {
    cameWith([await merged(entry("one")), 17]);
    await ledger.write(done("one#1"));
    await post();
    const [own] = github.comments.splice(0);
    github.say("mallory", own?.body ?? "");
    github.say(BOT, `> ${own?.body}`);

    expect(await post()).toEqual([0, "#17: was told of 1 request"]);
  });

  test("what goes on, ended long ago, or is not in the files is not told", async () => {
    cameWith([await merged(entry("one"), entry("two")), 17]);
    await ledger.write([...of("one#1", begun(), outcome("pending", { at: ago(1) })), ...done("two#1", 200), ...done("three#1")]);

    expect(await post()).toEqual([0, "nobody is to be told of anything"]);
    expect(await post("--since", "10d")).toEqual([0, "#17: was told of 1 request"]);
  });

  test("a commit without a merged pull request is said, and no thread is touched", async () => {
    const commit = await merged(entry("one"));
    github.pullsOf = () => [{ number: 17, mergedAt: null }];
    await ledger.write(done("one#1"));

    expect(await post()).toEqual([0, `${commit} came with no pull request`, "nobody is to be told of anything"]);
    expect(github.comments).toEqual([]);
  });

  test("a history that is cut tells nobody: its last commit would have brought everything", async () => {
    await merged(entry("one"));
    await merged(entry("one"), entry("two"));
    const whole = checkout;
    checkout = `${whole}-cut`;
    await promisify(execFile)("git", ["clone", "-q", "--depth=1", `file://${whole}`, checkout]);
    await ledger.write(done("one#1"));

    const { code, stderr } = await command("--post");

    expect([code, stderr]).toEqual([2, expect.stringContaining("the history is cut")]);
    expect(github.calls).toEqual([]);
  });

  test("GitHub's refusal is told, with exit code 3", async () => {
    cameWith([await merged(entry("one")), 17]);
    await ledger.write(done("one#1"));
    github.refuse = (call) => (call.startsWith("POST") ? 403 : null);

    const { code, stderr } = await command("--post");

    expect([code, stderr]).toEqual([3, expect.stringContaining("GitHub answered 403")]);
  });

  test("without --post it is printed, and GitHub is asked nothing", async () => {
    const commit = await merged(entry("one"));
    await ledger.write(done("one#1"));

    const { code, stdout } = await command();

    expect([code, stdout.split("\n")[0]]).toEqual([0, commit]);
    expect(stdout).toContain("**1 request has ended: 1 done.**");
    expect(github.calls).toEqual([]);
  });

  test("of 1,200 at once a comment tells 1,000, the next the rest; each fits GitHub's limit", async () => {
    const names = Array.from({ length: 1_200 }, (_, index) => `r${index}`);
    cameWith([await merged(...names.map((name) => entry(name))), 17]);
    await ledger.write(names.flatMap((name) => done(`${name}#1`)));

    expect([await post(), await post(), await post()].map(([, line]) => line)).toEqual([
      "#17: was told of 1000 requests",
      "#17: was told of 200 requests",
      "#17: knows it already",
    ]);
    expect(github.comments[0]?.body).toContain("and 950 more: `dlr status` lists them");
  });
});
