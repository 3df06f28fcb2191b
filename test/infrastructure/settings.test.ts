import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { parseSettings } from "../../infrastructure/settings.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { GOOD_CONFIG } from "./azure-config.ts";

function parse(changes: Readonly<Record<string, unknown>> = {}) {
  const values = Object.entries({ ...GOOD_CONFIG, ...changes }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, typeof value === "string" ? value : JSON.stringify(value)] as const],
  );
  return parseSettings(new Map(values), "prod");
}

/** The mistakes that are found, one a line, without their introduction. */
function mistakesOf(changes: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    parse(changes);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim().replace("device-lifecycle-infrastructure:", ""));
  }
}

describe("names", () => {
  test("follow from tenant, subscription and base, fit Azure's rules, and are the same each time", () => {
    const { names } = parse({ name: "ab34567890" });

    expect(names).toEqual(parse({ name: "ab34567890" }).names);
    expect(names.vault).toMatch(/^kv-ab34567890-[0-9a-f]{10}$/);
    expect(names.vault).toHaveLength(24);
    expect(names.storageAccount).toMatch(/^stab34567890[0-9a-f]{10}$/);
  });

  test("that the whole cloud shares differ between subscriptions and between bases", () => {
    const vaults = [
      parse(),
      parse({ subscriptionId: "99999999-2222-3333-4444-555555555555" }),
      parse({ name: "other" }),
      parse({ tenantId: "99999999-2222-3333-4444-555555555555" }),
    ].map(({ names }) => names.vault);

    expect(new Set(vaults).size).toBe(4);
  });

  test("can be chosen one by one", () => {
    const { names } = parse({ names: { vault: "contoso-devices", stateContainer: "pulumi" } });

    expect(names).toMatchObject({ vault: "contoso-devices", stateContainer: "pulumi", ledgerContainer: "ledger" });
  });

  test.each([
    ["vault", "ab"],
    ["vault", "a".repeat(25)],
    ["vault", "1abc"],
    ["vault", "abc-"],
    ["vault", "ab--c"],
    ["vault", "ab_c"],
    ["storageAccount", "ab"],
    ["storageAccount", "Abc"],
    ["storageAccount", "ab-c"],
    ["storageAccount", "a".repeat(25)],
    ["resourceGroup", "group."],
    ["resourceGroup", "g".repeat(91)],
    ["resourceGroup", "a b"],
    ["resourceGroup", ""],
    ["ledgerContainer", "Ledger"],
    ["ledgerContainer", "a--b"],
    ["stateContainer", "-ab"],
    ["workspace", "-abc"],
    ["workspace", "abc"],
    ["previewIdentity", "_ab"],
    ["upIdentity", "a.b"],
  ])("that Azure refuses are refused before: %s %j", (key, name) => {
    expect(mistakesOf({ names: { [key]: name } })).toEqual([expect.stringMatching(new RegExp(`^names\\.${key} is .*it must be \\d`))]);
  });

  test("of two things of one kind must differ", () => {
    const names = { ledgerContainer: "both", stateContainer: "both", previewIdentity: "id-same", upIdentity: "ID-SAME" };

    expect(mistakesOf({ names })).toEqual([
      "names.stateContainer is the name of ledgerContainer too",
      "names.upIdentity is the name of previewIdentity too",
    ]);
  });
});

test("every mistake is told in one error, with its key", () => {
  const mistakes = mistakesOf({
    location: "West Europe",
    tenantId: "contoso.onmicrosoft.com",
    subscriptionId: undefined,
    readersGroupId: "admins",
    operatorsGroupId: "x",
    cloud: "moon",
    name: "Devices",
    names: { valt: "x" },
    tags: { "a/b": "c", cost: 7 },
    redundancy: "RA",
    ledgerRetentionDays: "0",
    dataRetentionDays: "400",
    logRetentionDays: "a year",
    alowedIpRanges: "203.0.113.7",
    allowedSubnets: "subnet",
    github: { repository: "contoso", environments: [] },
    azureDevOps: { organization: "contoso" },
    trust: [{ identity: "admin" }],
  });

  expect(mistakes.map((line) => line.split(" ")[0])).toEqual([
    "cloud",
    "location",
    "tenantId",
    "subscriptionId",
    "github.repository",
    "github.environments",
    "azureDevOps.organizationId",
    "azureDevOps.project",
    "azureDevOps.previewConnection",
    "azureDevOps.upConnection",
    "trust[0].identity",
    "trust[0].name",
    "trust[0].issuer",
    "trust[0].subject",
    "trust",
    "name",
    "names.valt",
    "tags.a/b",
    "tags.cost",
    "readersGroupId",
    "operatorsGroupId",
    "allowedSubnets",
    "redundancy",
    "ledgerRetentionDays",
    "dataRetentionDays",
    "logRetentionDays",
    "alowedIpRanges",
  ]);
});

describe("regions", () => {
  test.each([
    ["global", "usgovvirginia"],
    ["global", "chinanorth3"],
    ["usGovernment", "westeurope"],
    ["usGovernment", "usdodeast"],
    ["usGovernmentDod", "usgovvirginia"],
    ["china", "eastasia"],
  ])("are those of the cloud: not %s with %s", (cloud, location) => {
    expect(mistakesOf({ cloud, location })).toEqual([expect.stringContaining(`location is ${location}, which is not in cloud ${cloud}`)]);
  });

  test.each([
    ["usGovernment", "usgovvirginia"],
    ["usGovernmentDod", "usdodeast"],
    ["china", "chinanorth3"],
  ])("of %s are taken: %s", (cloud, location) => {
    expect(parse({ cloud, location })).toMatchObject({ cloud, location, identityLocation: location });
  });

  test("without federated credentials ask for another one for the identities", () => {
    expect(mistakesOf({ location: "newzealandnorth" })).toEqual([expect.stringMatching(/^identityLocation must be set/)]);
    expect(mistakesOf({ location: "newzealandnorth", identityLocation: "australiaeast" })).toEqual([]);
    expect(mistakesOf({ location: "newzealandnorth", github: undefined, azureDevOps: undefined })).toEqual([]);
  });
});

describe("networks", () => {
  test.each(["203.0.113.7", "203.0.113.0/24", "198.51.100.4/30"])("%s is taken", (range) => {
    expect(parse({ allowedIpRanges: [range] }).allowedIpRanges).toEqual([range]);
  });

  test.each([
    ["10.1.2.3", "not a public address"],
    ["172.31.0.0/16", "not a public address"],
    ["192.168.1.0/24", "not a public address"],
    ["100.64.0.0/10", "not a public address"],
    ["127.0.0.1", "not a public address"],
    ["169.254.169.254", "not a public address"],
    ["240.0.0.0/8", "not a public address"],
    ["0.0.0.0/0", "lets nearly everybody in"],
    ["0.0.0.0", "not a public address"],
    ["203.0.113.0/31", "down to /30"],
    ["203.0.113.7/32", "down to /30"],
    ["203.0.113.7/24", "not the first of its range"],
    ["203.0.113.256", "write a public IPv4 address"],
    ["203.0.113", "write a public IPv4 address"],
    ["203.0.113.07", "write a public IPv4 address"],
    ["2001:db8::1", "write a public IPv4 address"],
    ["", "write a public IPv4 address"],
  ])("%j is refused", (range, why) => {
    expect(mistakesOf({ allowedIpRanges: [range] })).toEqual([expect.stringContaining(why)]);
  });
});

describe("tags", () => {
  test("of the configuration stand beside ours, and over them whatever their case", () => {
    expect(parse({ tags: { costCentre: "4711", Stack: "mine" } }).tags).toEqual({
      product: "device-lifecycle",
      managedBy: "pulumi",
      Stack: "mine",
      costCentre: "4711",
    });
  });

  test.each([
    [{ "azure-x": "a" }, "does not begin with"],
    [{ ["n".repeat(129)]: "a" }, "at most 128"],
    [{ a: "v".repeat(257) }, "at most 256"],
    [Object.fromEntries(Array.from({ length: 48 }, (_, index) => [`t${index}`, "v"])), "makes 51 tags"],
  ])("that Azure refuses are refused", (tags, why) => {
    expect(mistakesOf({ tags })).toEqual([expect.stringContaining(why)]);
  });
});

test("texts that are no JSON of the form are told, and not taken apart", () => {
  expect(mistakesOf({ tags: "[1]", trust: "{", names: "x", allowedIpRanges: "[1]" })).toEqual([
    "trust must be a list of mappings",
    "names must be a mapping",
    "tags must be a mapping",
    "allowedIpRanges must be a list of texts",
  ]);
});

test("every key has its row in the page, with its default", async () => {
  const [mistake = ""] = mistakesOf({ nonsense: "x" });
  const keys = mistake.slice(mistake.indexOf("its keys are ") + "its keys are ".length).split(", ");
  const page = await readFile(new URL("../../docs/azure.md", import.meta.url), "utf8");

  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  expect(keys).toHaveLength(19);
  for (const key of keys) expect(rows.map((row) => row.split(" | ")[0])).toContainEqual(expect.stringContaining(`\`${key}\``));
  for (const [key, value] of Object.entries(DEFAULTS))
    expect(rows).toContainEqual(expect.stringContaining(`| \`${key}\` | \`${value}\` |`));
});

const { redundancy, ledgerRetentionDays, dataRetentionDays, logRetentionDays, cloud } = parse();
const DEFAULTS = { redundancy, ledgerRetentionDays, dataRetentionDays, logRetentionDays, cloud };
