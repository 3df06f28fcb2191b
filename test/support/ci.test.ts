import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import vendors from "ci-info/vendors.json" with { type: "json" };
import { isCi } from "../../providers/support/ci.ts";

const LIBRARY = path.resolve(import.meta.dirname, "../../node_modules/ci-info/index.js");

/**
 * What `ci-info` itself says of each environment, in a process where nobody minds that its
 * environment changes.
 */
function asLibrarySays(environments: readonly Readonly<Record<string, string>>[]): readonly boolean[] {
  const script = `const [, library, list] = process.argv;
    const answers = JSON.parse(list).map((environment) => {
      process.env = environment;
      delete require.cache[library];
      return require(library).isCI;
    });
    console.log(JSON.stringify(answers));`;
  return JSON.parse(execFileSync(process.execPath, ["-e", script, LIBRARY, JSON.stringify(environments)], { encoding: "utf8" }));
}

/**
 * Each variable of the table alone, all variables of a service together, and each with a value that
 * means nothing.
 */
function environmentsOf(sign: unknown): readonly Readonly<Record<string, string>>[] {
  if (typeof sign === "string") return [{ [sign]: "1" }, { [sign]: "" }];
  if (Array.isArray(sign)) return [...sign.map((name) => ({ [name]: "1" })), Object.fromEntries(sign.map((name) => [name, "1"]))];
  const record = sign as Readonly<Record<string, string | readonly string[]>>;
  if (Array.isArray(record.any)) return record.any.map((name) => ({ [name]: "1" }));
  if (record.includes !== undefined)
    return [{ [String(record.env)]: `${String(record.includes)}:x` }, { [String(record.env)]: "/usr/bin/node" }];
  return [record as Readonly<Record<string, string>>, Object.fromEntries(Object.keys(record).map((name) => [name, "other"]))];
}

describe("a build service", () => {
  test("is told as ci-info tells it, for every service that it knows and every variable of several makers", () => {
    const common = [
      "BUILD_ID",
      "BUILD_NUMBER",
      "CI",
      "CI_APP_ID",
      "CI_BUILD_ID",
      "CI_BUILD_NUMBER",
      "CI_NAME",
      "CONTINUOUS_INTEGRATION",
      "RUN_ID",
    ];
    const environments = [...vendors.map(({ env }) => env), ...common, "HOME", "TASK_ID"].flatMap(environmentsOf);

    const said = asLibrarySays(environments);

    expect(environments.map(isCi)).toEqual(said);
    expect(said).toContain(true);
    expect(said).toContain(false);
  });

  test.each([
    ["Azure Pipelines, which sets no CI", { TF_BUILD: "True" }, true],
    ["GitHub Actions", { CI: "true", GITHUB_ACTIONS: "true" }, true],
    ["a word of its own", { CI: "yes" }, true],
    ["nothing", {}, false],
    ["an empty variable", { CI: "" }, false],
    ["false, on a service all the same", { CI: "false", TF_BUILD: "True" }, false],
    ["False", { CI: "False" }, false],
    ["0", { CI: "0", GITHUB_ACTIONS: "true" }, false],
  ])("%s", (_, environment, expected) => {
    expect(isCi(environment)).toBe(expected);
  });
});
