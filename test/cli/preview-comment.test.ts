import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { parseMarker } from "../../review/markdown/markers.ts";
import type { Review } from "../../review/review.ts";
import { renderReview } from "../../review/review-text.ts";
import { ANDROID } from "../support/fakes-devices.ts";
import { ends, reviewed, reviewOf } from "../support/fakes-review.ts";
import { type GitHubDouble, gitHubDescription, startGitHubDouble } from "../support/github-double.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startValidatingProxy, type ValidatingProxy } from "../support/validating-proxy.ts";
import { SpawnedCommand } from "./spawned-command.ts";

const BOT = "github-actions[bot]";
const WIPE = reviewOf([reviewed(["wipe"])]);
const HEAD = "1111111111111111111111111111111111111111";
const LATER = "2222222222222222222222222222222222222222";

/** Every call and every answer is held against GitHub's own description. */
describe("dlr preview-comment --post", () => {
  let proxy: ValidatingProxy;
  let github: GitHubDouble;
  let file: string;

  beforeAll(async () => {
    proxy = await startValidatingProxy(gitHubDescription(), null);
  });
  beforeEach(async () => {
    github = await startGitHubDouble();
    proxy.leadTo(github.url);
    file = path.join(await temporaryFolder(), "review.json");
  });
  afterEach(async () => {
    await github.close();
    expect(proxy.takeViolations()).toEqual([]);
  });
  afterAll(() => proxy?.close());

  async function post(review: Review, ...args: readonly string[]) {
    await writeFile(file, renderReview(review));
    return command(["--review", file, "--post", ...args]);
  }

  function command(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const place = {
      GITHUB_TOKEN: "ghs_secret_token_of_the_run",
      GITHUB_API_URL: proxy.url,
      GITHUB_REPOSITORY: "contoso/devices",
      GITHUB_REF: "refs/pull/17/merge",
    };
    return new SpawnedCommand("preview-comment", args, { ...place, ...env }).ended;
  }

  const bodies = () => github.comments.map(({ author, body }) => [author, parseMarker(body)?.head ?? body.slice(0, 40)]);

  test("makes one comment, changes it, and writes nothing where it says so already", async () => {
    const made = await post(WIPE, "--head", HEAD);
    const again = await post(WIPE, "--head", HEAD);
    const changed = await post(reviewOf([]), "--head", HEAD);

    expect([made, again, changed].map(({ code, stderr }) => [code, stderr.trim()])).toEqual([
      [0, "a comment was made"],
      [0, "the comment says so already"],
      [0, "the comment was changed"],
    ]);
    expect(bodies()).toEqual([[BOT, HEAD]]);
    expect(github.comments[0]?.body).toContain("**`prod`: nothing would be done.**");
    expect(proxy.validated()).toBeGreaterThan(0);
  });

  test("finds its comment on the last of many pages, and leaves those of other stacks and of other people alone", async () => {
    const marker = `<!-- device-lifecycle:review stack=prod head=${HEAD} -->\n`;
    github.say("mallory", `${marker}**approved by all**`);
    for (let index = 0; index < 210; index++) github.say("anna", `> ${marker} looks good ${index}`);
    github.say(BOT, `quoted: ${marker}`);
    github.say(BOT, `<!-- device-lifecycle:review stack=dev head=${HEAD} -->\n`);
    const own = github.say(BOT, marker);
    const before = github.comments.filter((comment) => comment !== own).map(({ body }) => body);

    const run = await post(WIPE, "--head", HEAD);

    expect(run).toMatchObject({ code: 0, stderr: "the comment was changed\n" });
    expect(own.body).toContain("1 device loses all data");
    expect(github.comments.filter((comment) => comment !== own).map(({ body }) => body)).toEqual(before);
    expect(github.calls.filter((call) => call.startsWith("GET") && call.includes("comments"))).toHaveLength(3);
  });

  test("says that it is outdated where the head has moved, and never takes back what is said of the new one", async () => {
    github.head = LATER;
    await post(WIPE, "--head", HEAD);
    const outdated = github.comments[0]?.body;
    await post(reviewOf([]), "--head", LATER);
    const late = await post(WIPE, "--head", HEAD);

    expect(outdated).toContain(`**Outdated:** this is the preview of \`${HEAD}\`, and the pull request has moved on to \`${LATER}\`.`);
    expect(late.stderr).toBe(`the comment is of ${LATER} already: nothing was written\n`);
    expect(bodies()).toEqual([[BOT, LATER]]);
  });

  test("marks a comment of an older commit while its preview is on its way, once", async () => {
    await post(WIPE, "--head", HEAD);
    const fresh = await command(["--mark-outdated", "--stack", "prod"]);
    github.head = LATER;
    const marked = await command(["--mark-outdated", "--stack", "prod"]);
    const again = await command(["--mark-outdated", "--stack", "prod"]);

    expect([fresh, marked, again].map(({ stderr }) => stderr.trim())).toEqual([
      "nothing is outdated",
      "the comment was marked as outdated",
      "it is marked already",
    ]);
    expect(github.comments[0]?.body).toMatch(/^<!-- .* -->\n\*\*Outdated:\*\* the pull request has moved on/);
    expect(github.comments).toHaveLength(1);
  });

  test("makes it anew where somebody deleted it in between", async () => {
    await post(WIPE, "--head", HEAD);
    github.refuse = (call) => (call.startsWith("PATCH") ? 404 : null);

    const run = await post(reviewOf([]), "--head", HEAD);

    expect(run).toMatchObject({ code: 0, stderr: "the comment was gone, and was made anew\n" });
    proxy.takeViolations();
  });

  test("sets both labels, takes them away, and leaves all others alone", async () => {
    github.labels.add("team/field");
    const blocked = reviewed(["wipe"], { name: "held", act: ends("pending", "held") });
    await post(reviewOf([reviewed(["wipe"]), blocked]), "--labels", "--head", HEAD);
    const both = [...github.labels];
    await post(reviewOf([]), "--labels", "--head", HEAD);

    expect(both).toEqual(["team/field", "device-lifecycle/destructive", "device-lifecycle/blocked"]);
    expect([...github.labels]).toEqual(["team/field"]);
  });

  test("at 1,000 requests GitHub takes it", async () => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      reviewed(["wipe"], {
        name: `wipe-${index}`,
        device: { ...ANDROID, deviceName: `${"Ä".repeat(200)}` },
        request: { reason: "@".repeat(900) },
      }),
    );

    const run = await post(reviewOf(many), "--head", HEAD);

    expect(run).toMatchObject({ code: 0 });
    expect(github.comments).toHaveLength(1);
  });

  test.each([
    [401, /GitHub answered 401/],
    [403, /GitHub answered 403: .*\n {2}help: the token needs the permission pull-requests: write/],
    [500, /GitHub answered 500/],
  ])("says so where GitHub answers %d, without the token", async (status, said) => {
    github.refuse = () => status;

    const run = await post(WIPE, "--head", HEAD);

    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(said);
    expect(run.stderr).not.toContain("ghs_secret");
    proxy.takeViolations();
  });

  test.each([
    ["no token", { GITHUB_TOKEN: "" }, /there is no GITHUB_TOKEN/],
    ["no pull request", { GITHUB_REF: "refs/heads/main" }, /say --pull-request NUMBER/],
    ["no repository", { GITHUB_REPOSITORY: "contoso" }, /say --repository OWNER\/NAME/],
  ])("wants to know: %s", async (_, env, said) => {
    await writeFile(file, renderReview(WIPE));

    const run = await command(["--review", file, "--post"], env);

    expect(run).toMatchObject({ code: 2, stderr: expect.stringMatching(said) });
  });

  test("knows the pull request and its head from the event of the workflow", async () => {
    const event = path.join(path.dirname(file), "event.json");
    await writeFile(event, JSON.stringify({ pull_request: { number: 17, head: { sha: HEAD } } }));
    await writeFile(file, renderReview(WIPE));

    const run = await command(["--review", file, "--post"], { GITHUB_REF: "refs/heads/main", GITHUB_EVENT_PATH: event });

    expect(run).toMatchObject({ code: 0, stderr: "a comment was made\n" });
    expect(bodies()).toEqual([[BOT, HEAD]]);
  });

  test("without --post renders to stdout, to a file, and all of it to the run's summary", async () => {
    await writeFile(file, renderReview(WIPE));
    const [out, summary] = [`${file}.md`, `${file}.summary`];
    await writeFile(summary, "before\n");

    const shown = await command(["--review", file]);
    await command(["--review", file, "--host", "gitlab", "--out", out, "--summary", summary]);

    expect(shown.stdout).toContain("1 device loses all data");
    expect(await readFile(out, "utf8")).toBe(shown.stdout);
    expect(await readFile(summary, "utf8")).toBe(`before\n${shown.stdout}`);
    expect(github.calls).toEqual([]);
  });
});
