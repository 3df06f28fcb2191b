import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type RunFile, renderRunFile } from "../../notify/run-file.ts";
import { type Receiver, startReceiver } from "../notify/receiver.ts";
import { AT, events } from "../notify/sample-events.ts";
import { type GitHubDouble, gitHubDescription, startGitHubDouble } from "../support/github-double.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startValidatingProxy, type ValidatingProxy } from "../support/validating-proxy.ts";
import { SpawnedCommand } from "./spawned-command.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const PATH = "/workflows/part-of-the-address-that-is-secret";

async function runFile(changes: Partial<RunFile> = {}): Promise<string> {
  const file = path.join(await temporaryFolder(), "run.json");
  const run: RunFile = {
    format: 1,
    stack: "prod",
    at: AT,
    exitCode: 4,
    totals: { failed: 1, succeeded: 34 },
    events: events(),
    ...changes,
  };
  await writeFile(file, renderRunFile(run));
  return file;
}

const notify = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => new SpawnedCommand("notify", args, env).ended;

describe("dlr notify", () => {
  let receivers: readonly Receiver[] = [];

  afterEach(async () => {
    await Promise.all(receivers.map((receiver) => receiver.close()));
  });

  async function everybody(...answers: readonly number[]) {
    receivers = await Promise.all([startReceiver(), startReceiver(...answers), startReceiver()]);
    const [webhook = "", teams = "", slack = ""] = receivers.map(({ url }) => `${url}${PATH}`);
    return { DLR_NOTIFY_WEBHOOK: webhook, DLR_NOTIFY_WEBHOOK_SECRET: SECRET, DLR_NOTIFY_TEAMS: teams, DLR_NOTIFY_SLACK: slack };
  }

  const counts = () => receivers.map(({ received }) => received.length);

  test("--test tells each whether it arrives", async () => {
    const ended = await notify(["--test"], await everybody());

    expect(ended).toMatchObject({ code: 0, stdout: "" });
    expect(ended.stderr.split("\n")).toEqual([
      expect.stringMatching(/^stack test · run of 20.* · 1 event, 1 to be told$/),
      expect.stringMatching(/^webhook at 127\.0\.0\.1:\d+: told of 1 event$/),
      expect.stringMatching(/^teams at /),
      expect.stringMatching(/^slack at /),
      "",
    ]);
    expect(counts()).toEqual([1, 1, 1]);
  });

  test("--run tells what the run had to tell; one that refuses is told, without its address, and keeps nobody from it", async () => {
    const ended = await notify(["--run", await runFile()], await everybody(410));

    expect(ended.code).toBe(3);
    expect(ended.stderr).toMatch(/NOT TOLD: teams at 127\.0\.0\.1:\d+: not told: answered 410/);
    expect(`${ended.stdout}${ended.stderr}`).not.toContain("part-of-the-address");
    expect(counts()).toEqual([6, 1, 1]);
  });

  test("tells what is wanted, and sends nothing where nothing is", async () => {
    const env = await everybody();
    await notify(["--run", await runFile()], { ...env, DLR_NOTIFY_ON: "drift" });
    const nothing = await notify(["--run", await runFile({ events: [] })], env);

    expect(counts()).toEqual([2, 1, 1]);
    expect(nothing).toMatchObject({ code: 0, stderr: expect.stringContaining("0 events, 0 to be told") });
  });

  test("says so where nobody is named", async () => {
    expect(await notify(["--run", await runFile()])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("nobody is told: set DLR_NOTIFY_WEBHOOK"),
    });
  });

  test.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
    ["nothing to tell", [], {}, "tell what: --run FILE, or --test"],
    ["both", ["--test", "--run", "a"], {}, "tell what: --run FILE, or --test"],
    ["a file that is not there", ["--run", "/nowhere/run.json"], {}, "cannot be read (ENOENT)"],
    ["an address that is none", ["--test"], { DLR_NOTIFY_TEAMS: "part-of-the-address" }, "DLR_NOTIFY_TEAMS is no address"],
    [
      "a webhook without a secret",
      ["--test"],
      { DLR_NOTIFY_WEBHOOK: "https://hooks.example/part-of-the-address" },
      "nothing is sent unsigned",
    ],
  ])("refuses %s", async (_, args, env, why) => {
    const ended = await notify(args, env);

    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
    expect(ended.stderr).not.toContain("part-of-the-address");
  });
});

describe("dlr notify --commit-status", () => {
  let proxy: ValidatingProxy;
  let github: GitHubDouble;

  beforeAll(async () => {
    proxy = await startValidatingProxy(gitHubDescription(), null);
  });
  beforeEach(async () => {
    github = await startGitHubDouble();
    proxy.leadTo(github.url);
  });
  afterEach(async () => {
    await github.close();
    expect(proxy.takeViolations()).toEqual([]);
  });
  afterAll(() => proxy?.close());

  const inGitHub = async (changes: Partial<RunFile>, env: Readonly<Record<string, string>> = {}) =>
    notify(["--run", await runFile(changes), "--commit-status"], {
      GITHUB_TOKEN: "ghs_secret_token_of_the_run",
      GITHUB_API_URL: proxy.url,
      GITHUB_REPOSITORY: "contoso/devices",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_RUN_ID: "17",
      GITHUB_SHA: github.head,
      ...env,
    });

  test.each<[Partial<RunFile>, string]>([
    [{}, "failure"],
    [{ exitCode: 0, totals: { succeeded: 3 } }, "success"],
    [{ exitCode: 0, totals: { succeeded: 3, awaitingApproval: 1 } }, "pending"],
    [{ exitCode: 3, totals: {} }, "error"],
  ])("of %j is %s", async (changes, state) => {
    expect((await inGitHub(changes)).code).toBe(0);
    expect(github.statuses).toEqual([
      {
        sha: github.head,
        state,
        context: "device-lifecycle/prod",
        description: expect.any(String),
        target_url: "https://github.com/contoso/devices/actions/runs/17",
      },
    ]);
  });

  test("says how the requests stand", async () => {
    await inGitHub({});

    expect(github.statuses).toMatchObject([{ description: "34 done, 1 failed" }]);
  });

  test("that GitHub refuses is told, without the token", async () => {
    github.refuse = () => 403;

    // The description of this call has no refusal.
    const ended = await inGitHub({}, { GITHUB_API_URL: github.url });

    expect(ended).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("NOT TOLD: commit status device-lifecycle/prod: GitHub answered 403"),
    });
    expect(ended.stderr).not.toContain("ghs_secret");
  });

  test.each([
    [{ GITHUB_TOKEN: "" }, "nobody is signed in to GitHub"],
    [{ GITHUB_SHA: "" }, "which commit?"],
    [{ GITHUB_REPOSITORY: "" }, "which repository?"],
  ])("without %j is wrong use", async (env, why) => {
    expect(await inGitHub({}, env)).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
  });
});
