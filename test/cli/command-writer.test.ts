import { execFileSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { commandWriter } from "../../cli/support/command-writer.ts";
import { shellAtHand } from "../../cli/support/shell-at-hand.ts";
import type { StoreOptions } from "../../cli/support/store-locations.ts";
import { dlrCommand, type Shell } from "../../providers/support/dlr-command.ts";

const EVERYWHERE = { stack: "it/devices/prod", ledger: "file:ledger", escrow: "file:escrow" };

test.each<[StoreOptions, readonly [string, ...string[]], string]>([
  [{}, ["ledger show"], "./dlr ledger show"],
  [{}, ["settle", "a/B1", "--taken"], "./dlr settle a/B1 --taken"],
  [{}, ["up"], "./dlr up"],
  [EVERYWHERE, ["settle", "a"], "./dlr settle it/devices/prod a --ledger file:ledger --escrow file:escrow"],
  [EVERYWHERE, ["up"], "./dlr up it/devices/prod"],
  [{ stack: "prod" }, ["ledger show", "summer"], "./dlr ledger show prod summer"],
  [{ ledger: "file:C:/My ledger" }, ["ledger show"], './dlr ledger show --ledger "file:C:/My ledger"'],
])("with the places %j the command %j is %s", (places, [command, ...args], text) => {
  expect(commandWriter(places, "posix")(command, ...args)).toBe(text);
});

const WORDS = ["", "it's", "two words", "$HOME", "`id`", 'a "b"', "#1", "a#1", "back\\slash", "semi;colon", "wow!", "Bj\u00f6rn", "%PATH%"];

test.each(WORDS)("a shell reads %j as it is meant", (word) => {
  const command = dlrCommand("x", undefined, [word]).replace("./dlr x ", "printf %s ");

  expect(execFileSync("sh", ["-c", command], { encoding: "utf8" })).toBe(word);
});

test.each<[Shell, string, string]>([
  ["powershell", "plain-word", ".\\dlr x plain-word"],
  ["powershell", "two words", '.\\dlr x "two words"'],
  ["powershell", "a,b", '.\\dlr x "a,b"'],
  ["powershell", "@all", '.\\dlr x "@all"'],
  ["powershell", "it's $5", ".\\dlr x 'it''s $5'"],
  ["powershell", "\u2018quoted\u2019 $5", ".\\dlr x '\u2018\u2018quoted\u2019\u2019 $5'"],
  ["powershell", "say \u201cno\u201d", ".\\dlr x 'say \u201cno\u201d'"],
  ["powershell", "file:C:\\ledger", ".\\dlr x file:C:\\ledger"],
  ["cmd", "two words", 'dlr x "two words"'],
  ["cmd", 'a "b"', 'dlr x "a ""b"""'],
  ["cmd", "a&b", 'dlr x "a&b"'],
])("in %s the word %j is typed as %s", (shell, word, text) => {
  expect(dlrCommand("x", undefined, [word], shell)).toBe(text);
});

describe("the shell at hand", () => {
  test.each<[NodeJS.Platform, Record<string, string>, Shell]>([
    ["linux", {}, "posix"],
    ["darwin", { PSModulePath: "/usr/local/share/powershell/Modules" }, "powershell"],
    ["win32", { PSModulePath: "C:\\Program Files" }, "powershell"],
    ["win32", { PSModulePath: "C:\\Program Files", PROMPT: "$P$G" }, "cmd"],
    ["win32", { MSYSTEM: "MINGW64", PROMPT: "$P$G" }, "posix"],
  ])("on %s with %j is %s", (platform, env, shell) => {
    expect(shellAtHand(env, platform)).toBe(shell);
  });
});
