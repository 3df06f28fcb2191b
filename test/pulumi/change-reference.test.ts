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
])("%s", (_, env, expected) => {
  expect(changeReference(env)).toBe(expected);
});
