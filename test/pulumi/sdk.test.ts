import { execFileSync } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "@jest/globals";

const PROGRAM = pathToFileURL(path.resolve(import.meta.dirname, "../../providers/pulumi/program/program.ts")).href;

test("the program loads Pulumi's SDK without its serializer of closures", () => {
  const script = `await import(${JSON.stringify(PROGRAM)});
    const { createRequire } = await import("node:module");
    console.log(Object.keys(createRequire(${JSON.stringify(PROGRAM)}).cache).join("\\n"));`;

  const loaded = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" }).split("\n");

  expect(loaded).toContainEqual(expect.stringMatching(/@pulumi\/pulumi\/output\.js$/));
  expect(loaded.filter((file) => /\/(closure|typescript|@npmcli\/arborist)\//.test(file))).toEqual([]);
});
