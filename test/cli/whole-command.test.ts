import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import type { StoreOptions } from "../../cli/support/store-locations.ts";
import { commandWriter } from "../../cli/support/whole-command.ts";

const EVERYWHERE = { stack: "it/devices/prod", ledger: "file:ledger", escrow: "file:escrow" };

test.each<[StoreOptions, readonly [string, ...string[]], string]>([
  [{}, ["ledger", "show"], "npm run ledger -- show"],
  [{}, ["settle", "a/B1", "--taken"], "npm run settle -- a/B1 --taken"],
  [{}, ["up"], "npm run up"],
  [EVERYWHERE, ["settle", "a"], "npm run settle -- a --stack it/devices/prod --ledger file:ledger"],
  [EVERYWHERE, ["up"], "npm run up -- --stack it/devices/prod"],
  [{ ledger: "file:C:/My ledger" }, ["ledger", "show"], 'npm run ledger -- show --ledger "file:C:/My ledger"'],
])("with the places %j the command %j is %s", (places, [script, ...args], text) => {
  expect(commandWriter(places)(script, ...args)).toBe(text);
});

test.each(["", "it's", "two words", "$HOME", "`id`", 'a "b"', "#1", "a#1", "back\\slash", "semi;colon", "wow!", "Bj\u00f6rn"])(
  "a shell reads %j as it is meant",
  (word) => {
    const command = commandWriter({})("x", word).replace("npm run x -- ", "printf %s ");

    expect(execFileSync("sh", ["-c", command], { encoding: "utf8" })).toBe(word);
  },
);
