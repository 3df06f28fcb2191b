import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { renderAnswer } from "../../cli/request-from-issue/render-answer.ts";
import { type GitHubDouble, gitHubDescription, startGitHubDouble } from "../support/github-double.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startValidatingProxy, type ValidatingProxy } from "../support/validating-proxy.ts";
import { BRANCH, bodyOf, COMMIT, EXPRESSION, FORM, LABEL, ROOT } from "./issue-bodies.ts";
import { run } from "./store-commands.ts";

const FILE = `${BRANCH}:devices/requests/issue-17.yaml`;

/** A checkout, and GitHub: each call and answer is held against its own description. */
describe("dlr request-from-issue", () => {
  let proxy: ValidatingProxy;
  let github: GitHubDouble;
  let checkout: string;

  beforeAll(async () => {
    proxy = await startValidatingProxy(gitHubDescription(), null);
  });
  beforeEach(async () => {
    github = await startGitHubDouble();
    github.labels.add(LABEL);
    proxy.leadTo(github.url);
    checkout = path.join(await temporaryFolder(), "checkout");
    await mkdir(path.join(checkout, "devices/requests"), { recursive: true });
    await cp(path.join(ROOT, FORM), path.join(checkout, FORM));
  });
  afterEach(async () => {
    await github.close();
    expect(proxy.takeViolations()).toEqual([]);
  });
  afterAll(() => proxy?.close());

  async function command(body: string | null, more: object = {}, ...args: readonly string[]) {
    const event = {
      action: "labeled",
      label: { name: LABEL },
      issue: { number: 17, state: "open", title: `$(touch x) ${EXPRESSION}`, body },
      sender: { login: "anna", type: "User" },
      repository: { default_branch: "main" },
      ...more,
    };
    const file = path.join(checkout, "event.json");
    await writeFile(file, JSON.stringify(event));
    return run("request-from-issue", ["--event", file, "--folder", checkout, "--base", COMMIT, ...args], {
      GITHUB_TOKEN: "ghs_secret_token_of_the_run",
      GITHUB_API_URL: proxy.url,
      GITHUB_REPOSITORY: "contoso/devices",
    });
  }
  const post = async (body: string | null, more: object = {}) => (await command(body, more, "--post")).code;
  const comment = () => github.comments.at(-1)?.body ?? "";
  const writes = () => github.calls.filter((call) => !call.startsWith("GET ")).map((call) => decodeURIComponent(call));

  describe("of a form without mistakes", () => {
    test("makes a branch at the commit that was checked, with one file, and a pull request; the issue is told", async () => {
      expect(await post(bodyOf({ serials: "DMPXK2ABCDEF\r\nPHONE1", ticket: "INC-4711" }))).toBe(0);

      expect([...github.branches.heads]).toEqual([[BRANCH, COMMIT]]);
      expect([...github.branches.files.keys()]).toEqual([FILE]);
      expect(parse(github.branches.files.get(FILE) ?? "")).toEqual({
        requests: [
          {
            name: "issue-17",
            devices: [{ serialNumber: "DMPXK2ABCDEF" }, { serialNumber: "PHONE1" }],
            playbook: "unlock-and-wipe",
            reason: "Leaver returned the iPad (INC-4711)",
            ticket: "#17",
            expires: "2099-12-31",
            acknowledge: ["dataLoss", "physicalPossession"],
          },
        ],
      });
      expect(github.branches.files.get(FILE)).toMatch(/^# yaml-language-server: \$schema=\.\.\/schema\/requests\.schema\.json\n/);
      expect(github.branches.pulls).toMatchObject([{ branch: BRANCH, title: "Device request of issue 17" }]);
      expect(comment()).toContain("**Proposed as #100**");
      expect([...github.labels]).toEqual([LABEL]);
      // What was edited since is never asked for.
      expect(github.calls.filter((call) => /issues\/17(\?|$)/.test(call))).toEqual([]);
      expect(proxy.validated()).toBeGreaterThan(5);
    });

    test("tells the pull request what was accepted and by whom, and closes nothing", async () => {
      await post(bodyOf());

      const body = github.branches.pulls[0]?.body ?? "";
      expect(body).toContain("issue #17 asks for, as it stood when `anna` accepted it");
      expect(body).toContain("| devices | `DMPXK2ABCDEF` |");
      expect(body).toContain("| agreed | `dataLoss`, `physicalPossession` |");
      expect(body).not.toMatch(/\b(close|fix|resolve)[sd]?\b/i);
    });

    test("a serial number that stands there twice is one device, and one device needs no list", async () => {
      await post(bodyOf({ serials: "DMPXK2ABCDEF, dmpxk2abcdef" }));

      expect(github.branches.files.get(FILE)).toContain("device:\n      serialNumber: dmpxk2abcdef");
    });

    test("text stays text: no value breaks out of the file, the pull request or the answer", async () => {
      const reason = `@anna #1 \`x\` | "y": [ ] {a: b}\n    playbook: retire\n- name: evil # ${EXPRESSION} $(touch /tmp/x)`;

      expect(await post(bodyOf({ reason }))).toBe(0);

      const [request, ...others] = (parse(github.branches.files.get(FILE) ?? "") as { requests: readonly Record<string, unknown>[] })
        .requests;
      expect(others).toEqual([]);
      expect(request).toMatchObject({ playbook: "unlock-and-wipe", reason: reason.replaceAll(/\s+/g, " ") });
      expect(github.branches.pulls[0]?.body).toContain("| reason | `@anna #1 \\u{60}x\\u{60} \\u{7c} ");
    });

    test("prints it without --post, and asks nobody", async () => {
      const { code, stdout } = await command(bodyOf());

      expect([code, stdout]).toEqual([0, expect.stringContaining("playbook: unlock-and-wipe")]);
      expect(github.calls).toEqual([]);
    });
  });

  describe("of a form with mistakes", () => {
    test("tells the issue what to write instead, and takes the label off; nothing is proposed", async () => {
      expect(await post(bodyOf({ expires: "", reason: "for @anna: see `x` | y" }))).toBe(1);

      expect(comment()).toContain("**No request was made of this: 1 mistake.**");
      expect(comment()).toContain("| `Until when` | `expires is missing: wipe destroys data` | `write 2");
      expect([...github.labels]).toEqual([]);
      expect([github.branches.heads.size, github.branches.pulls.length]).toEqual([0, 0]);
    });

    test("all of them are told together, in one comment, which is changed and not repeated", async () => {
      github.say("mallory", renderAnswer("nothing"));
      await post(bodyOf({ expires: "", ticked: [] }));
      expect(comment()).toContain("2 mistakes");

      github.labels.add(LABEL);
      await post(bodyOf({ expires: "" }));
      github.labels.add(LABEL);
      expect(await post(bodyOf())).toBe(0);

      expect(github.comments.map(({ author }) => author)).toEqual(["mallory", "github-actions[bot]"]);
      expect(github.comments.map(({ body }) => body.split("\n")[1])).toEqual(["nothing", expect.stringContaining("**Proposed as #100**")]);
    });

    test("requests that are there already count: a second wipe of one device is none", async () => {
      const there =
        "requests:\n  - name: leeds\n    device: { serialNumber: DMPXK2ABCDEF }\n    playbook: unlock-and-wipe\n    reason: x\n    expires: 2099-12-31\n    acknowledge: [dataLoss, physicalPossession]\n";
      await writeFile(path.join(checkout, "devices/requests/leeds.yaml"), there);

      expect(await post(bodyOf())).toBe(1);
      expect(comment()).toContain("leeds");
    });
  });

  describe("of an issue that was accepted before", () => {
    test("leaves an open pull request as it is, and says what to do", async () => {
      await post(bodyOf());
      const before = github.branches.files.get(FILE);

      expect(await post(bodyOf({ serials: "OTHER1" }))).toBe(0);

      expect(github.branches.files.get(FILE)).toBe(before);
      expect(github.branches.pulls).toHaveLength(1);
      expect(comment()).toContain("#100 is open, and has what was accepted before: nothing was changed");
    });

    test("does nothing more once it was merged, not even with its branch gone", async () => {
      await post(bodyOf());
      for (const pull of github.branches.pulls) pull.state = "merged";
      github.branches.heads.clear();
      const before = writes().length;

      expect(await post(bodyOf({ serials: "OTHER1" }))).toBe(0);

      expect(comment()).toContain("#100 was merged: nothing more comes of this issue");
      expect(writes().slice(before)).toEqual([expect.stringMatching(/^PATCH .*comments/)]);
    });

    test("makes another where the first was closed and its branch deleted", async () => {
      await post(bodyOf());
      for (const pull of github.branches.pulls) pull.state = "closed";

      expect(await post(bodyOf())).toBe(1);
      expect(comment()).toContain(`The branch \`${BRANCH}\` is there`);
      github.branches.heads.clear();
      github.branches.files.clear();

      expect(await post(bodyOf({ serials: "OTHER1" }))).toBe(0);
      expect(github.branches.files.get(FILE)).toContain("OTHER1");
    });

    test("counts no pull request of another branch, whatever the list has", async () => {
      github.branches.pulls.push({ number: 9, branch: "other", state: "merged", title: "", body: "" });

      expect(await post(bodyOf())).toBe(0);
      expect([...github.branches.heads.keys()]).toEqual([BRANCH]);
    });
  });

  describe("of whoever set the label", () => {
    test.each(["admin", "triage-plus"])("%s may accept", async (role) => {
      github.branches.roles.set("anna", role);

      expect(await post(bodyOf())).toBe(0);
    });

    test.each([
      ["reads only", { sender: { login: "reader", type: "User" } }],
      ["is nobody here", { sender: { login: "mallory", type: "User" } }],
      ["is an app", { sender: { login: "anna", type: "Bot" } }],
    ])("who %s may not: nothing is proposed, whatever the form says", async (_, sender) => {
      github.branches.roles.set("reader", "read");

      expect(await post(bodyOf(), sender)).toBe(1);

      expect(comment()).toContain("may not accept requests");
      expect([...github.labels, ...github.branches.heads.keys()]).toEqual([]);
    });
  });

  test.each([
    ["another label", { label: { name: "bug" } }],
    ["another action", { action: "unlabeled" }],
    ["a pull request", { issue: { number: 17, state: "open", body: bodyOf(), pull_request: {} } }],
    ["a closed issue", { issue: { number: 17, state: "closed", body: bodyOf() } }],
    ["no number", { issue: { number: "17", state: "open", body: bodyOf() } }],
  ])("an event about %s is wrong use", async (_, more) => {
    expect(await post(bodyOf(), more)).toBe(2);
    expect(github.calls).toEqual([]);
  });

  test("where pull requests may not be made, no branch stays behind, and the setting is named", async () => {
    github.refuse = (call) => (call === "POST /repos/contoso/devices/pulls" ? 403 : null);

    const { code, stderr } = await command(bodyOf(), {}, "--post");

    expect([code, stderr]).toEqual([3, expect.stringContaining("Allow GitHub Actions to create and approve pull requests")]);
    expect([...github.branches.heads]).toEqual([]);
  });

  test("a branch that somebody made meanwhile stays theirs", async () => {
    github.refuse = (call) => (call === "POST /repos/contoso/devices/git/refs" ? 422 : null);

    expect(await post(bodyOf())).toBe(3);
    expect(writes()).toEqual(["POST /repos/contoso/devices/git/refs"]);
  });

  test("an organisation's own form counts: its labels, and its playbooks", async () => {
    const form = await readFile(path.join(checkout, FORM), "utf8");
    await writeFile(
      path.join(checkout, FORM),
      form.replace("label: Why", "label: Warum").replace('        - "unlock: ', '        - "summer: Ours"\n        - "unlock: '),
    );
    await mkdir(path.join(checkout, "devices/playbooks"));
    await writeFile(path.join(checkout, "devices/playbooks/own.yaml"), "playbooks:\n  - name: summer\n    steps: [syncDevice]\n");

    expect(await post(bodyOf({ playbook: "summer: Ours", expires: "", ticked: [] }).replace("### Why", "### Warum"))).toBe(0);
    expect(github.branches.files.get(FILE)).toContain("playbook: summer");
  });
});
