import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { provenanceOf, readGit, userAtHost } from "../../providers/pulumi/provenance.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const COMMIT = "5c5a1b2f0e9d8c7b6a5f4e3d2c1b0a9f8e7d6c5b";
const OTHER = "0123456789abcdef0123456789abcdef01234567";
const NO_GIT = { commit: null, email: null };
const PERSON = "anna@laptop";

const GITHUB = {
  CI: "true",
  GITHUB_SERVER_URL: "https://github.example",
  GITHUB_REPOSITORY: "it/devices",
  GITHUB_REF: "refs/pull/12/merge",
  GITHUB_SHA: COMMIT,
  GITHUB_RUN_ID: "17",
  GITHUB_RUN_ATTEMPT: "2",
  GITHUB_ACTOR: "ben",
  GITHUB_TRIGGERING_ACTOR: "anna",
};
const AZURE = {
  TF_BUILD: "True",
  BUILD_REPOSITORY_URI: "https://it@dev.azure.example/it/_git/devices",
  BUILD_SOURCEVERSION: COMMIT,
  BUILD_BUILDID: "7",
  BUILD_REQUESTEDFOR: "Anna Lee",
  BUILD_REQUESTEDFOREMAIL: "anna@example.com",
  SYSTEM_PULLREQUEST_PULLREQUESTID: "4",
};
const GITLAB = {
  CI: "true",
  GITLAB_CI: "true",
  CI_PROJECT_URL: "https://gitlab.example/fork/devices",
  CI_COMMIT_SHA: COMMIT,
  CI_PIPELINE_ID: "5",
  CI_MERGE_REQUEST_PROJECT_URL: "https://gitlab.example/it/devices",
  CI_MERGE_REQUEST_IID: "3",
  GITLAB_USER_LOGIN: "anna",
};

describe("which run acts", () => {
  test.each([
    ["GitHub Actions", GITHUB, ["https://github.example/it/devices/pull/12", "GitHub run 17, attempt 2, of it/devices", "anna"]],
    [
      "GitHub Actions before it told who started a run anew",
      { ...GITHUB, GITHUB_TRIGGERING_ACTOR: undefined },
      [expect.any(String), expect.any(String), "ben"],
    ],
    [
      "Azure Pipelines",
      AZURE,
      ["https://dev.azure.example/it/_git/devices/pullrequest/4", "Azure Pipelines build 7, attempt 1", "Anna Lee (anna@example.com)"],
    ],
    [
      "Azure Pipelines with a repository of GitHub",
      { ...AZURE, BUILD_REPOSITORY_URI: "https://github.example/it/devices.git", SYSTEM_PULLREQUEST_PULLREQUESTNUMBER: "12" },
      ["https://github.example/it/devices/pull/12", expect.any(String), expect.any(String)],
    ],
    ["GitLab", GITLAB, ["https://gitlab.example/it/devices/-/merge_requests/3", "GitLab pipeline 5", "anna"]],
    [
      "GitLab, of no merge request",
      { ...GITLAB, CI_MERGE_REQUEST_IID: undefined, CI_MERGE_REQUEST_PROJECT_URL: undefined },
      [null, "GitLab pipeline 5", "anna"],
    ],
  ])("is told by %s", (_service, env, [pullRequest, ciRun, who]) => {
    expect(provenanceOf(env, NO_GIT, PERSON)).toEqual({ commit: COMMIT, pullRequest, ciRun, who });
  });

  test("is told by git and by the account of whoever runs it, outside CI", () => {
    const bare = { commit: null, pullRequest: null, ciRun: null, who: PERSON };

    expect(provenanceOf({}, NO_GIT, PERSON)).toEqual(bare);
    expect(provenanceOf({}, { commit: `${COMMIT}-dirty`, email: "anna@example.com" }, PERSON)).toEqual({
      ...bare,
      commit: `${COMMIT}-dirty`,
      who: "anna@laptop (anna@example.com)",
    });
    expect(provenanceOf({}, NO_GIT).who).toBe(userAtHost());
    expect(userAtHost()).toMatch(/^.+@.+$/);
  });

  test("has the commit of the files that are there, whatever the service meant to check out", () => {
    expect(provenanceOf(GITHUB, { commit: `${OTHER}-dirty`, email: "bot@example.com" }, PERSON)).toMatchObject({
      commit: `${OTHER}-dirty`,
      who: "anna",
    });
  });

  test("has no commit and no pull request where their variables hold something else", () => {
    const odd = { ...GITHUB, GITHUB_SHA: "$(cat token)", GITHUB_REF: "refs/pull/x/merge" };

    expect(provenanceOf(odd, NO_GIT, PERSON)).toMatchObject({ commit: null, pullRequest: null });
    expect(provenanceOf({ ...AZURE, BUILD_REPOSITORY_URI: "not an address" }, NO_GIT, PERSON)).toMatchObject({ pullRequest: null });
  });

  test.each([
    ["GitHub", GITHUB],
    ["Azure Pipelines", AZURE],
    ["GitLab", GITLAB],
    ["no service", {}],
  ])("never holds a token, of %s", (_service, env) => {
    const token = "s3cr3t-token";
    const names = [
      "GITHUB_TOKEN",
      "GH_TOKEN",
      "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
      "ACTIONS_RUNTIME_TOKEN",
      "SYSTEM_ACCESSTOKEN",
      "CI_JOB_TOKEN",
    ];
    const others = [
      "CI_JOB_JWT",
      "CI_REGISTRY_PASSWORD",
      "CI_DEPLOY_PASSWORD",
      "AZURE_CLIENT_SECRET",
      "GRAPH_ACCESS_TOKEN",
      "PULUMI_ACCESS_TOKEN",
    ];
    const tokens = Object.fromEntries([...names, ...others].map((name) => [name, token]));
    const address = `https://user:${token}@host.example/it/devices?token=${token}#${token}`;
    const inAddresses = Object.entries(env).map(([name, value]) => [name, value.startsWith("https://") ? address : value]);
    const all = { ...Object.fromEntries(inAddresses), ...tokens };

    expect(JSON.stringify(provenanceOf(all, NO_GIT, PERSON))).not.toContain(token);
  });
});

describe("what git says of a folder", () => {
  async function repository() {
    const root = await temporaryFolder();
    const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
    git("init", "--quiet");
    git("config", "user.email", "anna@example.com");
    git("config", "user.name", "Anna");
    await writeFile(path.join(root, "a.yaml"), "requests: []\n");
    git("add", ".");
    git("-c", "commit.gpgsign=false", "commit", "--quiet", "--message", "first");
    git("tag", "v1");
    return { root, commit: git("rev-parse", "HEAD"), git };
  }

  test("is the full hash and who the person is to git", async () => {
    const { root, commit } = await repository();

    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(await readGit(root)).toEqual({ commit, email: "anna@example.com" });
  });

  test.each<[string, string, string]>([
    ["a changed file", "a.yaml", "-dirty"],
    ["a new file of requests", "requests/b.yaml", "-dirty"],
    ["a new list", "requests/lists/c ü.csv", "-dirty"],
    ["a new file of a store", "ledger/ledger.jsonl", ""],
    ["a new secret in escrow", "escrow/0123.age", ""],
  ])("counts %s as it is", async (_case, file, ending) => {
    const { root, commit } = await repository();
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });

    await writeFile(path.join(root, file), "changed\n");

    expect((await readGit(root)).commit).toBe(`${commit}${ending}`);
  });

  test("looks at the project's folder, not at its neighbours", async () => {
    const { root, commit } = await repository();
    await mkdir(path.join(root, "project"));
    await writeFile(path.join(root, "a.yaml"), "changed\n");

    expect((await readGit(path.join(root, "project"))).commit).toBe(commit);
  });

  test("is nothing outside a repository, before the first commit, without the folder and without git", async () => {
    const outside = await temporaryFolder();
    const empty = await temporaryFolder();
    execFileSync("git", ["init", "--quiet"], { cwd: empty });
    const answers = [await readGit(outside), await readGit(empty), await readGit(path.join(outside, "missing"))];

    expect(answers.map(({ commit }) => commit)).toEqual([null, null, null]);
    expect(await readGit(empty, { PATH: outside })).toEqual({ commit: null, email: null });
  });

  test("is nothing when git does not answer in time", async () => {
    const slow = await temporaryFolder();
    await writeFile(path.join(slow, "git"), "#!/bin/sh\nexec sleep 30\n", { mode: 0o755 });
    const env = { PATH: `${slow}:${process.env.PATH}` };
    const began = Date.now();

    expect(await readGit(slow, env)).toEqual({ commit: null, email: null });
    expect(Date.now() - began).toBeLessThan(10_000);
  });
});
