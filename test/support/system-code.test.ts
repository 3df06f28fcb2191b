import { runInNewContext } from "node:vm";
import { expect, test } from "@jest/globals";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { systemCode } from "../../providers/support/system-code.ts";

test.each<[string, unknown, string | null]>([
  ["the system's", Object.assign(new Error("no space"), { code: "ENOSPC", syscall: "write" }), "ENOSPC"],
  ["the system's, of another realm", runInNewContext("Object.assign(new Error(), { code: 'ENOENT' })"), "ENOENT"],
  ["an error of ours, which has a code too", new ConfigurationError("wrong"), null],
  ["an error without a code", new Error("no"), null],
  ["a code that is no text", { code: 1 }, null],
  ["no error", "ENOENT", null],
  ["nothing", null, null],
])("the code of %s", (_name, error, expected) => {
  expect(systemCode(error)).toBe(expected);
});
