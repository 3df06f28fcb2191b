import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { commandWriter } from "../../cli/support/whole-command.ts";

test.each([
  [{}, [], "npm run up"],
  [{}, ["a/B1", "--taken"], "npm run up -- a/B1 --taken"],
  [{ stack: "prod" }, [], "npm run up -- --stack prod"],
  [
    { stack: "it/devices/prod", ledger: "file:ledger", escrow: "file:escrow" },
    ["a"],
    "npm run up -- a --stack it/devices/prod --ledger file:ledger",
  ],
  [{ ledger: "file:C:/My ledger" }, [], 'npm run up -- --ledger "file:C:/My ledger"'],
])("with the places %j and %j it is %s", (places, args, text) => {
  expect(commandWriter(places)("up", ...args)).toBe(text);
});

test.each(["", "it's", "two words", "$HOME", "`id`", 'a "b"', "#1", "a#1", "back\\slash", "semi;colon", "wow!", "Bj\u00f6rn"])(
  "a shell reads %j as it is meant",
  (word) => {
    const command = commandWriter({})("x", word).replace("npm run x -- ", "printf %s ");

    expect(execFileSync("sh", ["-c", command], { encoding: "utf8" })).toBe(word);
  },
);
