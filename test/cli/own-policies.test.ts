import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { withOwnPolicies } from "../../cli/pulumi/own-policies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test("the pack of policy/ is asked where the project has settings for it, unless another is named", async () => {
  const root = await temporaryFolder();
  expect(withOwnPolicies(["--yes"], root)).toEqual(["--yes"]);

  await writeFile(path.join(root, "policies.json"), "{}");

  expect(withOwnPolicies(["--yes"], root)).toEqual(["--yes", "--policy-pack", "policy", "--policy-pack-config", "policies.json"]);
  for (const named of [["--policy-pack", "other"], ["--policy-pack=other"]]) expect(withOwnPolicies(named, root)).toEqual(named);
});

test.each(["{", "", "[]", '"ticket"'])("settings that are no JSON object are named: %j", async (text) => {
  const root = await temporaryFolder();
  await writeFile(path.join(root, "policies.json"), text);

  expect(() => withOwnPolicies(["--yes"], root)).toThrow("policies.json is no JSON object");
  expect(withOwnPolicies(["--policy-pack", "other"], root)).toEqual(["--policy-pack", "other"]);
});
