import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { GOOD_CONFIG } from "../infrastructure/azure-config.ts";
import { AzureDouble, AzureRefusal } from "../infrastructure/azure-double.ts";
import { AzureProject } from "../infrastructure/azure-project.ts";
import { SdkTypes } from "../infrastructure/sdk-types.ts";

const azure = new AzureDouble();
const types = new SdkTypes();
let project: AzureProject;

beforeAll(async () => {
  project = await AzureProject.create(azure, types);
  await project.configure(GOOD_CONFIG);
});

afterAll(() => project.stop());

/** The steps of a preview, without what stays as it is: `update vault`. */
function stepsOf(json: string): readonly string[] {
  const { steps } = JSON.parse(json) as { steps: readonly { op: string; urn: string }[] };
  return steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::").at(-1)?.replace("device-lifecycle-", "")}`);
}

test("what Azure refuses half-way, the next run mends; then there is nothing left to do", async () => {
  azure.refusals.set("BlobServiceProperties", new AzureRefusal("AuthorizationFailed", "not yet"));

  const refused = await project.run("up", "--yes", "--skip-preview");
  const made = azure.ids.length;
  const mended = await project.run("up", "--yes", "--skip-preview");
  const done = azure.done.splice(0);
  const again = await project.run("up", "--yes", "--skip-preview");

  expect(refused.code).not.toBe(0);
  expect(refused.text).toContain("AuthorizationFailed");
  expect(made).toBeGreaterThan(0);
  expect([mended.code, mended.text]).toEqual([0, expect.not.stringContaining("error")]);
  expect(done.filter((line) => !line.startsWith("create "))).toEqual([]);
  expect(azure.ids).toHaveLength(27);
  expect([again.code, azure.done]).toEqual([0, []]);
  expect(again.text).toMatch(/\d+ unchanged/);
});

test("every part is protected in the state that is saved", async () => {
  const resources = await project.resources();

  expect(resources).toHaveLength(28);
  expect(resources.filter(({ protect }) => protect !== true).map(({ urn }) => urn)).toEqual([]);
});

test("what must wait does: containers for versioning, each federated credential for the one before", async () => {
  const resources = await project.resources();
  const waitsFor = (end: string) =>
    resources
      .find(({ urn }) => urn.endsWith(`::device-lifecycle-${end}`))
      ?.dependencies?.map((urn) => urn.split("::device-lifecycle-").at(-1)) ?? [];

  expect(waitsFor("ledger")).toContain("blob-protection");
  expect(waitsFor("state")).toContain("blob-protection");
  expect(waitsFor("preview-azure-devops-devices-preview")).toContain("preview-github-pull-request");
  expect(waitsFor("up-azure-devops-devices-up")).toEqual(expect.arrayContaining([expect.stringContaining("Second-site")]));
  expect(waitsFor("up-escrow")).toContain("escrowWriter-role");
  expect(waitsFor("operators-ledger")).toContain("ledgerWriter-role");
});

test("the outputs are the stack's", async () => {
  expect(await project.outputs()).toMatchObject({
    escrow: expect.stringMatching(/^https:\/\/kv-devices-[0-9a-f]{10}\.vault\.azure\.net$/),
    ledger: expect.stringMatching(/^https:\/\/stdevices[0-9a-f]{10}\.blob\.core\.windows\.net\/ledger$/),
    backend: expect.stringMatching(/^azblob:\/\/state\?storage_account=stdevices[0-9a-f]{10}$/),
    tenantId: GOOD_CONFIG.tenantId,
    subscriptionId: GOOD_CONFIG.subscriptionId,
    upClientId: expect.stringContaining("id-devices-up"),
    previewClientId: expect.stringContaining("id-devices-preview"),
  });
});

test("a changed argument is an update: nothing is replaced, and no vault is deleted", async () => {
  await project.configure({
    ...GOOD_CONFIG,
    allowedIpRanges: ["192.0.2.0/24"],
    tags: { costCentre: "4711" },
    redundancy: "GZRS",
    dataRetentionDays: 30,
    logRetentionDays: 365,
  });

  const preview = await project.run("preview", "--json");

  expect(preview.text).not.toContain("unable to replace");
  expect(stepsOf(preview.text).toSorted()).toEqual([
    "update blob-protection",
    "update group",
    "update logs",
    "update state-cleaning",
    "update storage",
    "update vault",
  ]);
});

test("destroy is refused, and nothing is gone", async () => {
  const before = azure.ids;

  const run = await project.run("destroy", "--yes", "--skip-preview");

  expect(run.code).not.toBe(0);
  expect(run.text).toContain("protected");
  expect([azure.ids, azure.done]).toEqual([before, []]);
  expect(await project.resources()).toHaveLength(28);
});

test("what a recovered vault has lost is made again, and the changes are made in place", async () => {
  const lost = azure.ids.filter((id) => /\/vaults\/[^/]+\/providers\//.test(id));
  for (const id of lost) azure.lose(id);

  const run = await project.run("up", "--refresh", "--yes", "--skip-preview");

  expect(lost).toHaveLength(3);
  expect([run.code, run.text]).toEqual([0, expect.not.stringContaining("error")]);
  expect(azure.ids).toEqual(expect.arrayContaining(lost));
  const done = azure.done.map((line) => line.split(" ").slice(0, 2).join(" ")).toSorted();
  expect(done).toEqual([
    "create DiagnosticSetting",
    "create RoleAssignment",
    "create RoleAssignment",
    "update BlobServiceProperties",
    "update ManagementPolicy",
    "update ResourceGroup",
    "update StorageAccount",
    "update Vault",
    "update Workspace",
  ]);
});

describe("the double takes what the SDK's own types take", () => {
  const vault = { resourceGroupName: "rg", properties: { tenantId: "t", sku: { family: "A", name: "standard" } } };

  test.each([
    ["a property that is not there", { ...vault, purgeProtection: true }, "purgeProtection"],
    ["one further down", { ...vault, properties: { ...vault.properties, enablePurgeProtecton: true } }, "properties.enablePurgeProtecton"],
    [
      "one in a list",
      { ...vault, properties: { ...vault.properties, networkAcls: { ipRules: [{ ip: "a" }] } } },
      "properties.networkAcls.ipRules[0].ip",
    ],
    [
      "a value that is not of the kind",
      { ...vault, properties: { ...vault.properties, enableSoftDelete: "true" } },
      "properties.enableSoftDelete",
    ],
    [
      "a word that is not of the list",
      { ...vault, properties: { ...vault.properties, sku: { family: "B", name: "standard" } } },
      "properties.sku.family",
    ],
    ["tags that are no texts", { ...vault, tags: { a: 1 } }, "tags"],
    ["a missing property", { resourceGroupName: "rg", properties: { sku: { family: "A", name: "standard" } } }, "properties.tenantId"],
  ])("and refuses %s", (_what, inputs, property) => {
    expect(types.check("azure-native:keyvault:Vault", vault)).toEqual([]);
    expect(types.check("azure-native:keyvault:Vault", inputs).map((failure) => failure.property)).toContain(property);
  });
});
