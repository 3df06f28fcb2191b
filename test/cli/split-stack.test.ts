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
    { readonly stack: string | undefined; readonly rest: readonly string[] },
  ]
>([
  [SETTLE, ["leaver"], {}, { stack: undefined, rest: ["leaver"] }],
  [SETTLE, ["prod"], {}, { stack: undefined, rest: ["prod"] }],
  [SETTLE, ["prod", "leaver"], {}, { stack: "prod", rest: ["leaver"] }],
  [SETTLE, ["prdo", "leaver"], {}, { stack: "prdo", rest: ["leaver"] }],
  [SETTLE, ["leaver"], { stack: "prod" }, { stack: "prod", rest: ["leaver"] }],
  [SETTLE, ["a", "leaver"], { stack: "prod" }, { stack: "prod", rest: ["a", "leaver"] }],
  [SETTLE, ["prod", "leaver"], { isPlaceSaid: true }, { stack: "prod", rest: ["leaver"] }],
  [STATUS, [], {}, { stack: undefined, rest: [] }],
  [STATUS, ["prod"], {}, { stack: "prod", rest: [] }],
  [STATUS, ["leaver"], {}, { stack: undefined, rest: ["leaver"] }],
  [STATUS, ["prod"], { isPlaceSaid: true }, { stack: undefined, rest: ["prod"] }],
  [VERIFY, ["anything"], {}, { stack: "anything", rest: [] }],
  [STOP, ["stolen list"], {}, { stack: undefined, rest: ["stolen list"] }],
  [STOP, ["prod", "stolen list"], {}, { stack: "prod", rest: ["stolen list"] }],
  [STOP, ["prod", "stolen", "list"], {}, { stack: "prod", rest: ["stolen", "list"] }],
  [STOP, ["prod", "stolen", "list"], { isScript: true }, { stack: undefined, rest: ["prod", "stolen", "list"] }],
  [STATUS, ["prod", "leaver"], { isScript: true }, { stack: "prod", rest: ["leaver"] }],
])("%j of the words %j with %j: %j", async (taken, words, more, split) => {
  expect(await splitStack(words, taken, { ...SHORT, ...more }, async (name) => name === "prod")).toEqual(split);
});
