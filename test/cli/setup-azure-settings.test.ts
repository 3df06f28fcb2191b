import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { settleSettings } from "../../cli/setup-azure/azure-settings.ts";
import { ConfigFile } from "../../cli/setup-azure/config-file.ts";
import { placesOf, requestsConfig } from "../../cli/setup-azure/places.ts";
import { setupAzure } from "../../cli/setup-azure/setup-azure.ts";
import { PROJECT } from "../../infrastructure/settings.ts";
import { ConfigurationError, type ProductError, SignInError } from "../../providers/domain/errors.ts";
import { GOOD_CONFIG } from "../infrastructure/azure-config.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const HOME = { tenantId: GOOD_CONFIG.tenantId, subscriptionId: GOOD_CONFIG.subscriptionId };
const FLAGS = { stack: "prod", location: "westeurope", readersGroup: GOOD_CONFIG.readersGroupId };

async function fileWith(text: string): Promise<ConfigFile> {
  const file = path.join(await temporaryFolder(), "Pulumi.prod.yaml");
  await writeFile(file, text);
  return ConfigFile.read(file);
}

async function refusalOf(work: Promise<unknown>): Promise<ProductError> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof ConfigurationError || error instanceof SignInError) return error;
  throw new Error(`no refusal: ${String(error)}`);
}

describe("a stack's file", () => {
  test("keeps its comments, its order and every other key when a value changes, and tells what changed", async () => {
    const file = await fileWith("# Ours.\nencryptionsalt: v1:abc=\nconfig:\n  a:one: 1 # first\n  a:two: [x]\n  # last\n  b:three: text\n");

    const changes = file.set({ "a:two": ["x", "y"], "a:one": "1", "c:four": { k: "v" } });
    await file.write();

    expect(changes).toEqual([
      { key: "a:two", before: '["x"]', after: '["x","y"]' },
      { key: "c:four", before: null, after: '{"k":"v"}' },
    ]);
    const text = await readFile(file.path, "utf8");
    for (const line of ["# Ours.", "encryptionsalt: v1:abc=", "  a:one: 1 # first", "  # last", "  b:three: text"])
      expect(text).toContain(line);
    expect((await ConfigFile.read(file.path)).valuesOf("a")).toEqual(
      new Map([
        ["one", "1"],
        ["two", '["x","y"]'],
      ]),
    );
  });

  test.each([[""], ["config:\n"], ["# only a comment\n"], ["encryptionsalt: v1:x\n"]])(
    "may have no configuration yet: %j",
    async (text) => {
      const file = await fileWith(text);

      file.set({ "a:b": "c" });

      expect(file.text).toMatch(/config:\n {2}a:b: c\n/);
      expect(file.text).toContain(text.replace("config:\n", "").trim());
    },
  );

  test.each([
    ["config: [a]\n", "not a mapping"],
    ["- a\n", "not a mapping"],
    ["config: {a: 1\n", "is not the file of a stack"],
    ["config: {}\nconfig: {}\n", "is not the file of a stack"],
  ])("that is none is refused, and not written over: %j", async (text, words) => {
    const refusal = await refusalOf(fileWith(text));

    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect(refusal.message).toContain(words);
  });

  test("a secret in the place of a value is a value, and differs", async () => {
    const file = await fileWith("config:\n  device-lifecycle:ledger:\n    secure: v1:abc\n");

    expect(file.set({ "device-lifecycle:ledger": "https://a/b" })[0]?.before).toBe('{"secure":"v1:abc"}');
  });
});

describe("settings", () => {
  test("come from the options, the file and the sign-in, in this order", async () => {
    const file = await fileWith(`config:\n  ${PROJECT}:location: northeurope\n  ${PROJECT}:redundancy: LRS\n`);

    const { settings } = settleSettings({ ...FLAGS, tenant: "99999999-2222-3333-4444-555555555555" }, HOME, file);

    expect(settings).toMatchObject({ location: "westeurope", redundancy: "LRS", tenantId: "99999999-2222-3333-4444-555555555555" });
    expect(settings.subscriptionId).toBe(HOME.subscriptionId);
  });

  test("the second run needs no options, and changes nothing", async () => {
    const file = await fileWith("");
    settleSettings({ ...FLAGS, allowIp: ["203.0.113.7"], github: "contoso/devices" }, HOME, file);
    await file.write();

    const { changes, settings } = settleSettings({ stack: "prod" }, null, await ConfigFile.read(file.path));

    expect(changes).toEqual([]);
    expect(settings.trusts.map(({ subject }) => subject)).toContain("repo:contoso/devices:environment:production");
  });

  test("what is known of the repository besides stays", async () => {
    const file = await fileWith(`config:\n  ${PROJECT}:github: { repository: a/b, ownerId: 1, repositoryId: 2, environments: [one] }\n`);

    settleSettings({ ...FLAGS, github: "contoso/devices" }, HOME, file);

    expect(file.value(`${PROJECT}:github`)).toEqual({ repository: "contoso/devices", ownerId: 1, repositoryId: 2, environments: ["one"] });
  });

  test("another cloud is told to the provider and to the requests' stack", async () => {
    const file = await fileWith("");
    const { settings } = settleSettings({ ...FLAGS, location: "usgovvirginia", cloud: "usGovernment" }, HOME, file);

    expect(file.value("azure-native:environment")).toBe("usgovernment");
    expect(requestsConfig(settings, placesOf(settings))).toEqual({
      "device-lifecycle:escrow": expect.stringMatching(/^https:\/\/kv-devices-[0-9a-f]{10}\.vault\.usgovcloudapi\.net$/),
      "device-lifecycle:ledger": expect.stringMatching(/^https:\/\/stdevices[0-9a-f]{10}\.blob\.core\.usgovcloudapi\.net\/ledger$/),
      "device-lifecycle:tenant": settings.tenantId,
      "device-lifecycle:cloud": "usGovernment",
    });
  });

  test("mistakes are told all at once, by their keys", async () => {
    const file = await fileWith("");
    const flags = { stack: "prod", location: "West Europe", readersGroup: "readers", name: "My Devices", allowIp: ["10.0.0.1"] };

    const refusal = await refusalOf((async () => settleSettings(flags, HOME, file))());

    for (const key of ["location", "readersGroupId", "name", "allowedIpRanges"]) expect(refusal.message).toContain(`${PROJECT}:${key} `);
  });
});

describe("before anything else", () => {
  const said: string[] = [];
  const options = async (env: Readonly<Record<string, string>> = {}) => ({
    root: await temporaryFolder(),
    env: { PATH: "/nowhere", ...env },
    say: (line: string) => said.push(line),
  });

  test("without a terminal and without --yes it refuses", async () => {
    expect(await refusalOf(setupAzure(FLAGS, await options()))).toMatchObject({
      disposition: "wrongUse",
      hint: expect.stringContaining("--yes"),
    });
  });

  test("a stack's name that would lead out of the folder is none", async () => {
    expect(await refusalOf(setupAzure({ stack: "../x", yes: true }, await options()))).toMatchObject({ disposition: "wrongUse" });
  });

  test("without the Azure CLI and without variables it says what to type", async () => {
    const refusal = await refusalOf(setupAzure({ ...FLAGS, yes: true }, await options()));

    expect(refusal).toMatchObject({ disposition: "service", hint: expect.stringContaining("az login --tenant") });
  });

  test("a sign-in for another tenant than the configuration's is refused", async () => {
    const env = { AZURE_TENANT_ID: "99999999-2222-3333-4444-555555555555", AZURE_SUBSCRIPTION_ID: HOME.subscriptionId };

    const refusal = await refusalOf(setupAzure({ ...FLAGS, tenant: HOME.tenantId, yes: true }, await options(env)));

    expect(refusal).toMatchObject({ disposition: "wrongUse", message: expect.stringContaining("AZURE_TENANT_ID is 99999999") });
    expect(said).toEqual([]);
  });
});
