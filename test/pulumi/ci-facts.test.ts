import { describe, expect, test } from "@jest/globals";
import { ciFactsOf } from "../../providers/pulumi/ci-facts.ts";

const COMMIT = "5c5a1b2f0e9d8c7b6a5f4e3d2c1b0a9f8e7d6c5b";
const OTHER = "0123456789abcdef0123456789abcdef01234567";
const git = (commit: string | null) => async () => ({ commit });

const GITHUB = {
  CI: "true",
  GITHUB_SERVER_URL: "https://github.example",
  GITHUB_REPOSITORY: "it/devices",
  GITHUB_SHA: COMMIT,
  GITHUB_RUN_ID: "17",
  GITHUB_RUN_ATTEMPT: "2",
};
const AZURE = {
  TF_BUILD: "True",
  BUILD_REPOSITORY_URI: "https://dev.azure.example/it/_git/devices",
  BUILD_SOURCEVERSION: COMMIT,
  BUILD_BUILDID: "7",
};
const GITLAB = {
  CI: "true",
  GITLAB_CI: "true",
  CI_PROJECT_URL: "https://gitlab.example/it/devices",
  CI_COMMIT_SHA: COMMIT,
  CI_PIPELINE_ID: "5",
};

describe("the run of a build service", () => {
  test.each([
    ["GitHub Actions", GITHUB, "GitHub run 17, attempt 2, of it/devices"],
    ["Azure Pipelines", AZURE, "Azure Pipelines build 7, attempt 1"],
    ["GitLab", GITLAB, "GitLab pipeline 5"],
  ])("is told by %s, with its commit", async (_, env, run) => {
    expect(await ciFactsOf(env, git(null))).toEqual({ run, commit: COMMIT });
  });

  test("has the commit of the files that are there, where git knows it, changed or not", async () => {
    expect(await ciFactsOf(GITHUB, git(OTHER))).toMatchObject({ commit: OTHER });
    expect(await ciFactsOf(GITHUB, git(`${OTHER}-dirty`))).toMatchObject({ commit: OTHER });
  });

  test("of a service that numbers nothing has the commit of git, or none", async () => {
    expect(await ciFactsOf({ JENKINS_URL: "https://ci.example", BUILD_ID: "9" }, git(COMMIT))).toEqual({ run: null, commit: COMMIT });
    expect(await ciFactsOf({ CI: "true" }, git(null))).toEqual({ run: null, commit: null });
  });

  test("stays one where the pipeline says CI=false, and is none on a person's machine, where git is not asked", async () => {
    const fails = async () => {
      throw new Error("git was asked");
    };

    expect(await ciFactsOf({ ...GITHUB, CI: "false" }, git(COMMIT))).toMatchObject({ commit: COMMIT });
    expect(await ciFactsOf({}, fails)).toBeNull();
    expect(await ciFactsOf({ CI: "false" }, fails)).toBeNull();
  });
});
