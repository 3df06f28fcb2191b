import { expect, test } from "@jest/globals";
import { splitStack, type WordsTaken } from "../../cli/support/split-stack.ts";

const SETTLE: WordsTaken = { needed: 1, most: 1 };
const STATUS: WordsTaken = { needed: 0, most: 1 };
const STOP: WordsTaken = { needed: 1, most: 1, isText: true };
const VERIFY: WordsTaken = { needed: 0, most: 0 };

const SHORT = { stack: undefined, isPlaceSaid: false, isScript: false };

test.each<
  [
    WordsTaken,
    readonly string[],
    { readonly stack?: string; readonly isPlaceSaid?: boolean; readonly isScript?: boolean },
    string | undefined,
    readonly string[],
  ]
>([
  [SETTLE, ["leaver"], {}, undefined, ["leaver"]],
  [SETTLE, ["prod"], {}, undefined, ["prod"]],
  [SETTLE, ["prod", "leaver"], {}, "prod", ["leaver"]],
  [SETTLE, ["prdo", "leaver"], {}, "prdo", ["leaver"]],
  [SETTLE, ["leaver"], { stack: "prod" }, "prod", ["leaver"]],
  [SETTLE, ["a", "leaver"], { stack: "prod" }, "prod", ["a", "leaver"]],
  [SETTLE, ["prod", "leaver"], { isPlaceSaid: true }, "prod", ["leaver"]],
  [STATUS, [], {}, undefined, []],
  [STATUS, ["prod"], {}, "prod", []],
  [STATUS, ["leaver"], {}, undefined, ["leaver"]],
  [STATUS, ["prod"], { isPlaceSaid: true }, undefined, ["prod"]],
  [VERIFY, ["anything"], {}, "anything", []],
  [STOP, ["stolen list"], {}, undefined, ["stolen list"]],
  [STOP, ["prod", "stolen list"], {}, "prod", ["stolen list"]],
  [STOP, ["prod", "stolen", "list"], {}, "prod", ["stolen", "list"]],
  [STOP, ["prod", "stolen", "list"], { isScript: true }, undefined, ["prod", "stolen", "list"]],
  [STATUS, ["prod", "leaver"], { isScript: true }, "prod", ["leaver"]],
])("%j of the words %j with %j: the stack %j and %j", async (taken, words, more, stack, rest) => {
  expect(await splitStack(words, taken, { ...SHORT, ...more }, async (name) => name === "prod")).toEqual({ stack, rest });
});
