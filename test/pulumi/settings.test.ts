import { describe, expect, test } from "@jest/globals";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { parseConfiguration, parseSettings } from "../../providers/pulumi/settings.ts";

const parse = (values: Readonly<Record<string, string>>) => parseSettings((key) => values[key]);

describe("the settings of a stack", () => {
  test("without a word are the documented defaults", () => {
    expect(parse({})).toEqual({
      requests: "devices/requests",
      playbooks: "devices/playbooks",
      policies: "devices/policies",
      cloud: "global",
      tenant: undefined,
      graphEndpoint: undefined,
      escrow: "file:escrow",
      ledger: "file:ledger",
      waitMs: 120_000,
      maxDestructive: 5,
      maxDisruptive: 50,
      protected: [],
      followOnly: false,
      requireReview: false,
      foreignLimit: undefined,
      countForeign: false,
      shelveMs: undefined,
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
    ["maxDisruptive", "0", { maxDisruptive: 0 }],
    ["followOnly", "true", { followOnly: true }],
    ["foreignLimit", "0", { foreignLimit: 0 }],
    ["foreignLimit", "25", { foreignLimit: 25 }],
    ["countForeign", "true", { countForeign: true }],
    ["shelve", "90d", { shelveMs: 7_776_000_000 }],
    ["shelve", "0d", { shelveMs: 0 }],
    ["shard", "2/4", { shard: { index: 2, of: 4 } }],
    ["shard", "1/1", { shard: { index: 1, of: 1 } }],
    ["protected", "vip*", { protected: ["vip*"] }],
    ["protected", "Anna's iPhone,Anna\u2019s iPad", { protected: ["Anna's iPhone", "Anna\u2019s iPad"] }],
    ["protected", "Raum 1/2 – «Süd», iPad (2), true-*", { protected: ["Raum 1/2 – «Süd»", "iPad (2)", "true-*"] }],
    ["protected", '["true"]', { protected: ["true"] }],
    ["protected", "ceo@contoso.example", { protected: ["ceo@contoso.example"] }],
    ["protected", " *@board.example , Boardroom* ,", { protected: ["*@board.example", "Boardroom*"] }],
    ["protected", '["*@board.example", "Smith, John*"]', { protected: ["*@board.example", "Smith, John*"] }],
    ["protected", "[]", { protected: [] }],
    [
      "graphEndpoint",
      "http://127.0.0.1:8787",
      { graphEndpoint: "http://127.0.0.1:8787", escrow: "file:emulator-stores/escrow", ledger: "file:emulator-stores/ledger" },
    ],
    ["graphEndpoint", "https://graph.microsoft.com", { escrow: "file:escrow", ledger: "file:ledger" }],
    ["tenant", "AAAAAAAA-0000-4000-8000-00000000000A", { tenant: "aaaaaaaa-0000-4000-8000-00000000000a" }],
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
    ["maxDisruptive", "many", "a whole number"],
    ["foreignLimit", "-1", "a whole number"],
    ["foreignLimit", "true", "a whole number"],
    ["countForeign", "5", "true or false"],
    ["shelve", "90", "a number of days such as 90d"],
    ["shelve", "-1d", "a number of days such as 90d"],
    ["maxDestructive", "[5]", "a whole number"],
    ["cloud", "globl", 'one of global, usGovernment, usGovernmentDod, china (did you mean "global"?)'],
    ["cloud", "", "one of global"],
    ["tenant", "contoso.onmicrosoft.com", "a GUID, as `az account show --query tenantId`"],
    ["tenant", "aaaaaaaa-0000-4000-8000-00000000000a ", "a GUID"],
    ["tenant", "", "a GUID"],
    ["protected", "", "a list of texts"],
    ["protected", " , ,", "a list of texts"],
    ["protected", "true", "a list of texts"],
    ["protected", "None", "a list of texts"],
    ["protected", "~", "a list of texts"],
    ["protected", "vip*; board*", "a list of texts"],
    ["protected", "- vip*\n- board*", "a list of texts"],
    ["protected", "- vip*", "a list of texts"],
    ["protected", "vip*\nboard*", "a list of texts"],
    ["protected", '{"users":["vip*"]}', "a list of texts"],
    ["protected", "['vip*']", "a list of texts"],
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

  test.each([
    ['["vip*",""]', '""', "is empty"],
    ['[" vip*"]', '" vip*"', "begins or ends with a space"],
    ['["vip*\u00a0"]', '"vip*\u00a0"', "begins or ends with a space"],
    ["vi\u200bp*", '"vi\u200bp*"', "cannot be told from another"],
    ["vip\u00a0one", '"vip\u00a0one"', "cannot be told from another"],
    ["vip\u2011*", '"vip\u2011*"', "cannot be told from another"],
    ["\u201cvip*\u201d", '"\u201cvip*\u201d"', "quotation marks"],
    ["\u2018vip*\u2019", '"\u2018vip*\u2019"', "quotation marks"],
    ["'vip*'", `"'vip*'"`, "quotation marks"],
    ['"vip*"', String.raw`"\"vip*\""`, "quotation marks"],
    ["vip[0-9]", '"vip[0-9]"', "a pattern of another kind"],
    ["board{1,2}*", '"board{1"', "a pattern of another kind"],
    ["vip|board", '"vip|board"', "a pattern of another kind"],
    ["^vip", '"^vip"', "a pattern of another kind"],
    ["!vip*", '"!vip*"', "a pattern of another kind"],
  ])("protected: %j is refused for what hardly anything matches", (text, glob, reason) => {
    const parsing = () => parse({ protected: text });

    expect(parsing).toThrow(ConfigurationError);
    expect(parsing).toThrow(`configuration device-lifecycle:protected names ${glob}, which`);
    expect(parsing).toThrow(reason);
  });

  test.each([
    ["requests", "", "is empty"],
    ["playbooks", " devices/playbooks", "begins or ends with a space"],
    ["ledger", '["file:ledger"]', "is a list or a mapping"],
    ["escrow", "s3://bucket", "is of a kind that is not supported"],
    ["ledger", "ledger", "is of a kind that is not supported"],
    ["graphEndpoint", "https://graph.example", "graph.example is not a Graph host"],
    ["escrow", "https://contoso.vault.usgovcloudapi.net", "is not a Key Vault of the chosen cloud"],
    ["ledger", "https://contoso.blob.core.chinacloudapi.cn/ledger", "is not in Azure Storage of the chosen cloud"],
  ])("%s: %j is no place", (key, text, reason) => {
    expect(() => parse({ [key]: text })).toThrow(reason);
  });

  test("never repeat an address, which may hold a signature", () => {
    const parsing = () => parse({ ledger: " https://contoso.blob.core.windows.net/ledger?sig=s3cret" });

    expect(parsing).toThrow("configuration device-lifecycle:ledger begins or ends with a space");
    expect(parsing).not.toThrow("s3cret");
  });

  test("that are refused name the command that sets them", () => {
    try {
      parse({ shard: "none" });
      throw new TypeError("it was not refused");
    } catch (error) {
      expect(error).toMatchObject({ disposition: "wrongUse", hint: "./dlr pulumi config set shard VALUE" });
    }
  });
});

const RUNNING = { project: "device-lifecycle", stack: "prod" };

/**
 * What `parseConfiguration` says of mistakes: message and hint; an empty text where there are none.
 */
function told(values: Readonly<Record<string, string>>, running = RUNNING): string {
  try {
    parseConfiguration(values, running);
    return "";
  } catch (error) {
    if (error instanceof ConfigurationError) return `${error.message}\n${error.hint}`;
    throw error;
  }
}

describe("the configuration of a stack", () => {
  test("is read under the project's name", () => {
    const values = { "device-lifecycle:protected": '["vip*"]', "device-lifecycle:maxDestructive": "7" };

    expect(parseConfiguration(values, RUNNING)).toMatchObject({ protected: ["vip*"], maxDestructive: 7 });
  });

  test("may hold what belongs to Pulumi and to other providers", () => {
    const values = {
      "pulumi:tags": "{}",
      "azure-native:location": "westeurope",
      "aws:region": "eu-west-1",
      "acme:cloud": "x",
      "acme:wait": "1",
    };

    expect(told(values)).toBe("");
  });

  test.each([
    ["protectd", "protected"],
    ["maxDestructve", "maxDestructive"],
    ["folowOnly", "followOnly"],
    ["PROTECTED", "protected"],
  ])("%s is refused, and %s is meant", (written, meant) => {
    const text = told({ [`device-lifecycle:${written}`]: "x" });

    expect(text).toContain(`configuration device-lifecycle:${written} is not known (did you mean "${meant}"?)`);
    expect(text).toContain(`./dlr pulumi config rm device-lifecycle:${written} --stack prod`);
  });

  test("with a key that resembles none is refused with the keys that there are", () => {
    expect(told({ "device-lifecycle:banana": "red" })).toMatch(
      /device-lifecycle:banana is not known: .*\nthe keys are requests, .*, shard; /,
    );
  });

  test.each([
    ["device-lifecyle:protected", "device-lifecycle:protected"],
    ["device_lifecycle:wait", "device-lifecycle:wait"],
    ["Device-Lifecycle:cloud", "device-lifecycle:cloud"],
    ["leavers:protected", "device-lifecycle:protected"],
    ["leavers:maxDestructive", "device-lifecycle:maxDestructive"],
    ["leavers:maxDisruptive", "device-lifecycle:maxDisruptive"],
    ["device-lifecyle:protectd", "device-lifecycle:KEY"],
  ])("with %s is refused: it would be read as %s", (written, meant) => {
    const text = told({ [written]: "x" });

    expect(text).toContain(`configuration ${written} would have no effect: settings are read as ${meant}`);
    expect(text).toContain(`config rm ${written} --stack prod, then ./dlr pulumi config set ${meant} VALUE --stack prod`);
  });

  test("of a project with another name is refused, whatever stands in it", () => {
    const running = { project: "leavers", stack: "prod" };

    expect(told({}, running)).toContain('Pulumi.yaml names the project "leavers"');
    expect(told({ "leavers:protected": "x", "leavers:wait": "2m" }, running)).toContain(
      "leavers:protected, leavers:wait would have no effect",
    );
    expect(told({}, running)).toContain("write name: device-lifecycle in Pulumi.yaml");
  });

  test("tells all its mistakes together", () => {
    const text = told({
      "device-lifecycle:protectd": "vip*",
      "device-lifecycle:maxDestructive": "five",
      "device-lifecycle:wait": "2",
      "device-lifecyle:ledger": "file:other",
      "device-lifecycle:protected": '["", "vip[0-9]"]',
    });

    expect(text).toContain("the configuration has 6 mistakes:");
    for (const part of ["protectd", "five", '"2"', "device-lifecyle:ledger", 'names ""', "vip[0-9]"]) expect(text).toContain(part);
    expect(text).toContain("    help: ./dlr pulumi config set maxDestructive VALUE --stack prod");
  });

  test("tells of an escrow and a ledger of another cloud in one go", () => {
    const text = told({
      "device-lifecycle:cloud": "china",
      "device-lifecycle:escrow": "https://contoso.vault.azure.net",
      "device-lifecycle:ledger": "https://contoso.blob.core.windows.net/ledger",
    });

    expect(text).toContain("the configuration has 2 mistakes:");
  });
});
