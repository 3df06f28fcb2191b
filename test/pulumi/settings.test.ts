import { describe, expect, test } from "@jest/globals";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { parseSettings } from "../../providers/pulumi/settings.ts";

const parse = (values: Readonly<Record<string, string>>) => parseSettings((key) => values[key]);

describe("the settings of a stack", () => {
  test("without a word are the documented defaults", () => {
    expect(parse({})).toEqual({
      requests: "devices/requests",
      playbooks: "devices/playbooks",
      cloud: "global",
      graphEndpoint: undefined,
      escrow: "file:escrow",
      ledger: "file:ledger",
      waitMs: 120_000,
      maxDestructive: 5,
      protected: [],
      followOnly: false,
      shard: { index: 1, of: 1 },
    });
  });

  test.each([
    ["wait", "0", { waitMs: 0 }],
    ["wait", "0s", { waitMs: 0 }],
    ["wait", "250ms", { waitMs: 250 }],
    ["wait", "30s", { waitMs: 30_000 }],
    ["wait", "1h", { waitMs: 3_600_000 }],
    ["maxDestructive", "0", { maxDestructive: 0 }],
    ["maxDestructive", "250", { maxDestructive: 250 }],
    ["followOnly", "true", { followOnly: true }],
    ["shard", "2/4", { shard: { index: 2, of: 4 } }],
    ["shard", "1/1", { shard: { index: 1, of: 1 } }],
    ["protected", "", { protected: [] }],
    ["protected", "ceo@contoso.example", { protected: ["ceo@contoso.example"] }],
    ["protected", " *@board.example , Boardroom* ,", { protected: ["*@board.example", "Boardroom*"] }],
    ["protected", '["*@board.example", "Smith, John*"]', { protected: ["*@board.example", "Smith, John*"] }],
    ["protected", "[]", { protected: [] }],
    ["graphEndpoint", "http://127.0.0.1:8787", { graphEndpoint: "http://127.0.0.1:8787" }],
  ])("%s: %j is read", (key, text, expected) => {
    expect(parse({ [key]: text })).toMatchObject(expected);
  });

  test.each([
    ["wait", "2 minutes", "30s, 2m or 1h"],
    ["wait", "2", "30s, 2m or 1h"],
    ["wait", "-1s", "30s, 2m or 1h"],
    ["wait", "1.5m", "30s, 2m or 1h"],
    ["wait", "", "30s, 2m or 1h"],
    ["wait", "10000000s", "30s, 2m or 1h"],
    ["maxDestructive", "-1", "a whole number"],
    ["maxDestructive", "5.5", "a whole number"],
    ["maxDestructive", "five", "a whole number"],
    ["maxDestructive", "", "a whole number"],
    ["maxDestructive", "Infinity", "a whole number"],
    ["maxDestructive", "1e6", "a whole number"],
    ["followOnly", "yes", "true or false"],
    ["followOnly", "True", "true or false"],
    ["followOnly", "", "true or false"],
    ["shard", "0/4", "i/n"],
    ["shard", "5/4", "i/n"],
    ["shard", "1/0", "i/n"],
    ["shard", "0/0", "i/n"],
    ["shard", "4", "i/n"],
    ["shard", "1/4/2", "i/n"],
    ["shard", "a/b", "i/n"],
    ["protected", "[not json", "a list of texts"],
    ["protected", "[1, 2]", "a list of texts"],
    ["protected", '[["nested"]]', "a list of texts"],
    ["protected", "[null]", "a list of texts"],
  ])("%s: %j is refused, with what to write instead", (key, text, expected) => {
    const parsing = () => parse({ [key]: text });

    expect(parsing).toThrow(ConfigurationError);
    expect(parsing).toThrow(`configuration device-lifecycle:${key} is ${JSON.stringify(text)}; it must be`);
    expect(parsing).toThrow(expected);
  });

  test("that are refused name the command that sets them", () => {
    try {
      parse({ shard: "none" });
      throw new TypeError("it was not refused");
    } catch (error) {
      expect(error).toMatchObject({ disposition: "wrongUse", hint: "npm run pulumi -- config set shard VALUE" });
    }
  });
});
