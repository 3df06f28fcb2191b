import { expect, test } from "@jest/globals";
import { ciRunOf } from "../../providers/pulumi/ci-run.ts";

const GITHUB = { GITHUB_RUN_ID: "11", GITHUB_REPOSITORY: "contoso/devices" };

test.each([
  [{ ...GITHUB, GITHUB_RUN_ATTEMPT: "2" }, "GitHub run 11, attempt 2, of contoso/devices"],
  [{ BUILD_BUILDID: "7", SYSTEM_JOBATTEMPT: "1" }, "Azure Pipelines build 7, attempt 1"],
  [{ CI_PIPELINE_ID: "5" }, "GitLab pipeline 5"],
  [{ CI: "true" }, null],
  [{}, null],
])("the run of %j is %j", (env, expected) => {
  expect(ciRunOf(env)).toBe(expected);
});
