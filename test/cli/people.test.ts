import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { parseReview, renderReview } from "../../review/review-text.ts";
import { reviewed, reviewOf } from "../support/fakes-review.ts";
import { type GitHubDouble, gitHubDescription, startGitHubDouble } from "../support/github-double.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startValidatingProxy, type ValidatingProxy } from "../support/validating-proxy.ts";
import { run } from "./store-commands.ts";

const WHO = ["-c", "user.name=anna", "-c", "user.email=anna@contoso.example", "-c", "commit.gpgsign=false"];
const FILE = "devices/requests/a.yaml";

/** A checkout with its history, and GitHub, held against its own description. */
describe("dlr people", () => {
  let proxy: ValidatingProxy;
  let github: GitHubDouble;
  let folder: string;
  let checkout: string;

  beforeAll(async () => {
    proxy = await startValidatingProxy(gitHubDescription(), null);
  });
  beforeEach(async () => {
    github = await startGitHubDouble();
    proxy.leadTo(github.url);
    folder = await temporaryFolder();
    checkout = path.join(folder, "checkout");
    await mkdir(path.join(checkout, "devices/requests"), { recursive: true });
    await git("init", "-q", "-b", "main");
  });
  afterEach(async () => {
    await github.close();
    expect(proxy.takeViolations()).toEqual([]);
  });
  afterAll(() => proxy?.close());

  const git = async (...args: readonly string[]) => (await promisify(execFile)("git", [...WHO, ...args], { cwd: checkout })).stdout.trim();
  const command = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    run("people", args, {
      GITHUB_TOKEN: "ghs_secret_token_of_the_run",
      GITHUB_API_URL: proxy.url,
      GITHUB_REPOSITORY: "contoso/devices",
      GITHUB_RUN_ID: "4242",
      ...env,
    });

  async function merged(...names: readonly string[]): Promise<string> {
    await writeFile(
      path.join(checkout, FILE),
      `requests:\n${names.map((name) => `  - name: ${name}\n    reason: Returned\n    steps: [syncDevice]\n`).join("")}`,
    );
    await git("add", "-A");
    await git("commit", "-q", "-m", "work");
    return git("rev-parse", "HEAD");
  }

  describe("authors", () => {
    const request = (name: string, ticket: string | null = null) => ({
      ...reviewed(["wipe"], { name }),
      source: { file: FILE, line: 2 },
      ticket,
    });

    /** The names that the review has afterwards, request by request. */
    async function authorsOf(...requests: readonly ReturnType<typeof request>[]) {
      const file = path.join(folder, "review.json");
      await writeFile(file, renderReview(reviewOf(requests)));
      const { code, stderr } = await command(["authors", "--review", file, "--folder", checkout]);
      const review = parseReview(await readFile(file, "utf8"), file);
      return { code, stderr, authors: review.requests.map(({ authors }) => authors) };
    }

    test("are who opened the pull request, who wrote its commits, and who asked for it by an issue", async () => {
      const first = await merged("one");
      const second = await merged("one", "two");
      github.pullsOf = (commit) => [
        { number: commit === first ? 21 : 22, mergedAt: "2026-11-27T10:00:00Z", user: commit === first ? "Anna" : "ben" },
        { number: 23, mergedAt: null, user: "mallory" },
      ];
      github.people.pulls.set(21, [{ author: "cleo", committer: "web-flow" }]);
      github.people.pulls.set(22, [{ author: "ben", committer: "dora" }]);
      github.people.issues.set(17, "Emil");

      const { code, stderr, authors } = await authorsOf(request("one", "#17"), request("two"));

      expect(second).not.toBe(first);
      expect(authors).toEqual([
        ["anna", "cleo", "emil"],
        ["ben", "dora"],
      ]);
      expect([code, stderr.trim().split("\n").at(-1)]).toEqual([0, "2 requests by 5 people"]);
      // Nothing is asked twice.
      expect(github.calls.toSorted()).toEqual([...new Set(github.calls)].toSorted());
    });

    test("of a commit that came with no pull request are its own", async () => {
      github.people.commits.set(await merged("one"), { author: "anna", committer: "ben" });

      expect((await authorsOf(request("one"))).authors).toEqual([["anna", "ben"]]);
    });

    test.each([
      ["author", { author: null, committer: "anna" }],
      ["committer", { author: "anna", committer: null }],
    ])("are not known where GitHub knows no account of one %s", async (_, people) => {
      github.people.commits.set(await merged("one"), people);

      const { code, stderr, authors } = await authorsOf(request("one"));

      expect(authors).toEqual([null]);
      expect([code, stderr.trim().split("\n").at(-1)]).toEqual([0, "1 request by 0 people; nobody knows who wrote one"]);
    });

    test("are those of all pages, and not known where GitHub lists no more", async () => {
      const pull = (number: number) => [{ number, mergedAt: "2026-11-27T10:00:00Z", user: "anna" }];
      const many = (count: number) => Array.from({ length: count }, (_, index) => ({ author: `a${index}`, committer: "web-flow" }));
      await merged("one");
      github.people.pulls.set(21, many(201));
      github.people.pulls.set(22, many(250));

      github.pullsOf = () => pull(21);
      expect((await authorsOf(request("one"))).authors[0]).toHaveLength(202);
      github.pullsOf = () => pull(22);
      expect((await authorsOf(request("one"))).authors).toEqual([null]);
    });

    test("leave the review as it is where GitHub refuses", async () => {
      await merged("one");
      github.refuse = (call) => (call.endsWith("/pulls") ? 409 : null);

      const { code, stderr, authors } = await authorsOf(request("one"));

      expect([code, authors]).toEqual([3, [undefined]]);
      expect(stderr).toContain("GitHub answered 409");
    });

    test("of nothing are nobody, and GitHub is not asked", async () => {
      expect(await authorsOf()).toMatchObject({ code: 0, authors: [] });
      expect(github.calls).toEqual([]);
    });
  });

  describe("approvers", () => {
    const outputs = () => path.join(folder, "env");
    const approve = (user: string, state = "approved", environment = "production") =>
      github.people.approvals.push({ user, state, environment });

    test("are who let the run into its environment", async () => {
      approve("Ben");
      approve("cleo", "rejected");
      approve("anna", "approved", "staging");

      const { code, stderr } = await command(["approvers", "--outputs", outputs()]);

      expect([code, await readFile(outputs(), "utf8")]).toEqual([0, "DEVICE_LIFECYCLE_APPROVERS=ben\n"]);
      expect(stderr).toContain("approved for production by ben");
      expect(github.calls).toEqual(["GET /repos/contoso/devices/actions/runs/4242/approvals"]);
      expect((await command(["approvers", "--environment", "staging"])).stdout).toBe("anna\n");
    });

    test("are nobody where two approved one attempt each, and where nobody did", async () => {
      const again = () => command(["approvers"], { GITHUB_RUN_ATTEMPT: "2" });
      expect(await again()).toMatchObject({ code: 0, stdout: "\n", stderr: expect.stringContaining("nobody approved this run") });
      approve("ben");
      expect(await again()).toMatchObject({ code: 0, stdout: "ben\n" });
      approve("anna");
      expect(await again()).toMatchObject({ code: 0, stdout: "\n", stderr: expect.stringContaining("start a new run") });
      expect((await command(["approvers"])).stdout).toBe("anna\nben\n");
    });
  });
});
