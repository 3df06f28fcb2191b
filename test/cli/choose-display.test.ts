import { describe, expect, test } from "@jest/globals";
import { chooseDisplay, hasTargets, performArgs, previewArgs } from "../../cli/shown/choose-display.ts";

describe("who shows a run", () => {
  test.each<[readonly string[], string]>([
    [[], "ours"],
    [["--stack", "prod", "--yes"], "ours"],
    [["--details"], "ours"],
    [["--json"], "pulumi"],
    [["--json=true"], "pulumi"],
    [["-yj"], "pulumi"],
    [["--diff"], "pulumi"],
    [["-v3"], "pulumi"],
    [["--save-plan=plan.json"], "pulumi"],
    [["--event-log", "log"], "pulumi"],
    [["--message", "--json"], "ours"],
    [["-m", "--diff"], "ours"],
    [["--", "--json"], "ours"],
  ])("%j: %s", (args, kind) => {
    expect(chooseDisplay(args, {}).kind).toBe(kind);
  });

  test("--details is ours, and no argument of Pulumi's", () => {
    expect(chooseDisplay(["--details", "--yes", "--", "--details"], {})).toMatchObject({
      withDetails: true,
      args: ["--yes", "--", "--details"],
    });
    expect(chooseDisplay(["--json", "--details"], {}).args).toEqual(["--json"]);
  });
});

describe("whether somebody has to say yes", () => {
  test.each<[readonly string[], Readonly<Record<string, string>>, boolean]>([
    [[], {}, true],
    [["--yes"], {}, false],
    [["-y"], {}, false],
    [["-yf"], {}, false],
    [["--yes=true"], {}, false],
    [["--yes=false"], {}, true],
    [["--yes", "--yes=F"], {}, true],
    [["--skip-preview"], {}, false],
    [["--skip-preview=false"], {}, true],
    [["--message", "--yes"], {}, true],
    [["-m", "-y"], {}, true],
    [["--stack=--yes"], {}, true],
    [["--", "--yes"], {}, true],
    [[], { PULUMI_SKIP_CONFIRMATIONS: "true" }, false],
    [[], { PULUMI_SKIP_CONFIRMATIONS: "false" }, true],
  ])("%j with %j: %s", (args, env, asks) => {
    expect(chooseDisplay(args, env)).toMatchObject({ kind: "ours", asks });
  });
});

test("the preview before up takes what a preview takes, and up what is left to say", () => {
  const args = ["--stack", "prod", "-yf", "-m", "--yes", "--expect-no-changes", "--continue-on-error", "-t", "**a", "--", "--yes"];

  expect(previewArgs(args)).toEqual(["--stack", "prod", "-m", "--yes", "-t", "**a", "--", "--yes"]);
  expect(performArgs(args).join(" ")).toBe(
    "--yes --skip-preview --stack prod -m --yes --expect-no-changes --continue-on-error -t **a -- --yes",
  );
});

test.each<[readonly string[], boolean]>([
  [["--target", "**a"], true],
  [["--target=**a"], true],
  [["-t**a"], true],
  [["--exclude", "**a"], true],
  [["--stack", "--target"], false],
  [["--", "--target", "a"], false],
  [[], false],
])("%j leaves some out: %s", (args, expected) => {
  expect(hasTargets(args)).toBe(expected);
});
