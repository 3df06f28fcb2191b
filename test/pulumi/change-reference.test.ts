import { expect, test } from "@jest/globals";
import { changeReference } from "../../providers/pulumi/change-reference.ts";

const GITHUB = { GITHUB_SERVER_URL: "https://github.example", GITHUB_REPOSITORY: "it/devices" };
const AZURE = { BUILD_REPOSITORY_URI: "https://dev.example/it/_git/devices" };

test.each([
  ["outside CI", {}, null],
  [
    "a pull request on GitHub",
    { ...GITHUB, GITHUB_REF: "refs/pull/12/merge", GITHUB_SHA: "abc" },
    "https://github.example/it/devices/pull/12",
  ],
  ["a merge on GitHub", { ...GITHUB, GITHUB_REF: "refs/heads/main", GITHUB_SHA: "abc" }, "https://github.example/it/devices/commit/abc"],
  [
    "a pull request on Azure DevOps",
    { ...AZURE, SYSTEM_PULLREQUEST_PULLREQUESTID: "7" },
    "https://dev.example/it/_git/devices/pullrequest/7",
  ],
  ["a merge on Azure DevOps", { ...AZURE, BUILD_SOURCEVERSION: "def" }, "https://dev.example/it/_git/devices/commit/def"],
  [
    "a merge request on GitLab",
    { CI_PROJECT_URL: "https://gitlab.example/it/devices", CI_MERGE_REQUEST_IID: "3" },
    "https://gitlab.example/it/devices/-/merge_requests/3",
  ],
  [
    "a merge on GitLab",
    { CI_PROJECT_URL: "https://gitlab.example/it/devices", CI_COMMIT_SHA: "def" },
    "https://gitlab.example/it/devices/-/commit/def",
  ],
  ["a run of a repository, and no more", GITHUB, "https://github.example/it/devices"],
  ["an address with a user and a password", { BUILD_REPOSITORY_URI: "https://it:secret@dev.example/it" }, "https://dev.example/it"],
])("%s", (_, env, expected) => {
  expect(changeReference(env)).toBe(expected);
});
