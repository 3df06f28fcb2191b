import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { GRAPH_APPLICATION } from "../../infrastructure/graph-permissions.ts";
import { GOOD_CONFIG } from "../infrastructure/azure-config.ts";
import { AzureDouble, AzureRefusal } from "../infrastructure/azure-double.ts";
import installPackages from "../infrastructure/install-packages.ts";
import type { RestAnswer, RestCall } from "../support/rest-double.ts";
import { AzureWorld, BLOB_HOST, NAMES } from "./azure-world.ts";

const SUBSCRIPTION = `/subscriptions/${GOOD_CONFIG.subscriptionId}`;
const OPTIONS = [
  "--location=westeurope",
  `--readers-group=${GOOD_CONFIG.readersGroupId}`,
  `--operators-group=${GOOD_CONFIG.operatorsGroupId}`,
  "--github=contoso/devices",
  "--allow-ip",
  "203.0.113.7",
  "198.51.100.0/24",
];

/** One story, told in order: each part goes on from where the one before it ended. */
describe("dlr setup-azure", () => {
  const azure = new AzureDouble();
  let world: AzureWorld;

  beforeAll(async () => {
    await installPackages();
    world = await AzureWorld.start(azure);
    world.resourceManager.answer = (call) => answerResourceManager(call, azure);
    world.graph.answer = answerGraph;
    await writeFile(path.join(world.root, "Pulumi.prod.yaml"), "# Ours.\nconfig:\n  device-lifecycle:wait: 5m # patience\n");
  });

  afterAll(() => world?.stop());

  const files = async () => [await world.read("Pulumi.prod.yaml"), await world.read("infrastructure/Pulumi.prod.yaml")];

  test("without a login it says what to type, and makes nothing", async () => {
    const az = path.join(world.root, "bin", "az");
    await writeFile(az, "#!/bin/sh\necho 'ERROR: Please run az login to setup account.' >&2\nexit 1\n");
    await chmod(az, 0o755);
    const nobody = { AZURE_CLIENT_SECRET: "", AZURE_CLIENT_ID: "" };
    const before = await files();

    const [said, refused] = await Promise.all([
      world.setUp([...OPTIONS, "--yes", "--tenant", GOOD_CONFIG.tenantId, "--subscription", GOOD_CONFIG.subscriptionId], nobody),
      world.setUp([...OPTIONS, "--yes"], { AZURE_CLIENT_SECRET: "wrong" }),
    ]);

    expect(said).toEqual({
      code: 3,
      text: expect.stringContaining(`type: az login --tenant ${GOOD_CONFIG.tenantId}, then run this again`),
    });
    expect(refused).toEqual({ code: 3, text: expect.stringContaining("AADSTS7000215") });
    expect([await files(), azure.ids, world.resourceManager.calls]).toEqual([before, [], []]);
  });

  test("a dry run says names, places and roles, and makes nothing", async () => {
    const before = await files();

    const run = await world.setUp([...OPTIONS, "--dry-run"]);

    expect(run).toEqual({ code: 0, text: expect.stringContaining("nothing was made or changed") });
    for (const part of [
      "Contoso production",
      `${NAMES.resourceGroup} in westeurope`,
      `https://${NAMES.vault}.vault.azure.net`,
      `https://${BLOB_HOST}/ledger`,
      "repo:contoso/devices:environment:production",
      GOOD_CONFIG.readersGroupId,
      "203.0.113.7, 198.51.100.0/24",
      `device-lifecycle:escrow: https://${NAMES.vault}.vault.azure.net`,
    ]) {
      expect(run.text).toContain(part);
    }
    expect([await files(), azure.ids]).toEqual([before, []]);
  });

  test("what Azure refuses half-way is told with what to do about it", async () => {
    azure.refusals.set("BlobServiceProperties", new AzureRefusal("AuthorizationFailed", "The client does not have authorization"));

    const run = await world.setUp([...OPTIONS, "--yes"]);

    expect(run.code).toBe(3);
    expect(run.text).toMatch(/help: AuthorizationFailed: whoever is signed in needs Owner/);
    expect(run.text).toContain("run the same command again");
    expect(azure.ids.length).toBeGreaterThan(0);
    expect(await world.read("Pulumi.prod.yaml")).not.toContain("escrow");
  });

  test("the next run needs no options: it mends, configures the requests' stack and makes the ledger", async () => {
    await world.makeContainer("ledger");

    const run = await world.setUp(["--yes"]);

    expect(run).toMatchObject({ code: 0 });
    expect(await world.read("Pulumi.prod.yaml")).toBe(
      `# Ours.\nconfig:\n  device-lifecycle:wait: 5m # patience\n  device-lifecycle:escrow: https://${NAMES.vault}.vault.azure.net\n  device-lifecycle:ledger: https://${BLOB_HOST}/ledger\n  device-lifecycle:tenant: ${GOOD_CONFIG.tenantId}\n`,
    );
    expect(run.text).toContain(`made an empty ledger in https://${BLOB_HOST}/ledger`);
    expect([world.gate.refused, world.tunnel.refused]).toEqual([[], []]);
    expect(run.text).toContain("preview lacks DeviceManagementManagedDevices.Read.All");
    expect(run.text).toMatch(/az rest --method post .*appRoleAssignedTo/);
    expect(run.text).toContain(`PULUMI_BACKEND_URL='azblob://state?storage_account=${NAMES.storageAccount}'`);
    expect(run.text).not.toContain("s3cret");
  });

  test("a change is shown by a dry run, against what is there, and nothing of it is done", async () => {
    const before = await files();
    const done = azure.done.length;

    const run = await world.setUp(["--dry-run", "--allow-ip", "192.0.2.0/24"]);

    expect(run).toMatchObject({ code: 0, text: expect.stringMatching(/allowedIpRanges: \["203\.0\.113\.7".+ → \["192\.0\.2\.0\/24"\]/) });
    expect(run.text).toMatch(/~ 2 to update/);
    expect([await files(), azure.done.length]).toEqual([before, done]);
  });

  test("another ledger is not put in the place of the one that the stack has, unless that is said", async () => {
    const file = path.join(world.root, "Pulumi.prod.yaml");
    await writeFile(file, "config:\n  device-lifecycle:ledger: file:ledger\n");

    const run = await world.setUp(["--yes"]);

    expect(run).toMatchObject({ code: 2, text: expect.stringContaining("add --overwrite when you are sure") });
    expect(run.text).toContain(`device-lifecycle:ledger: file:ledger → https://${BLOB_HOST}/ledger`);
    expect(await world.read("Pulumi.prod.yaml")).toBe("config:\n  device-lifecycle:ledger: file:ledger\n");
  });
});

function answerResourceManager({ method, path: target, body, audience }: RestCall, azure: AzureDouble): RestAnswer {
  if (audience !== "https://management.azure.com") return { status: 401, body: { error: { code: "InvalidAuthenticationToken" } } };
  if (target === SUBSCRIPTION) return { status: 200, body: { displayName: "Contoso production", state: "Enabled" } };
  if (method === "POST" && target.endsWith("/checkNameAvailability")) {
    const { name } = body as { readonly name: string };
    const isTaken = azure.ids.some((id) => id.endsWith(`/${name}`));
    return { status: 200, body: isTaken ? { nameAvailable: false, reason: "AlreadyExists", message: "in use" } : { nameAvailable: true } };
  }
  if (method === "GET" && azure.ids.includes(target.toLowerCase())) return { status: 200, body: {} };
  return { status: 404, body: { error: { code: "ResourceNotFound" } } };
}

function answerGraph({ path: target, audience }: RestCall): RestAnswer {
  if (audience !== "https://graph.microsoft.com") return { status: 401, body: {} };
  const roles = { id: "graph", appRoles: [{ id: "r1", value: "DeviceManagementManagedDevices.Read.All" }] };
  if (target.endsWith(`(appId='${GRAPH_APPLICATION}')`)) return { status: 200, body: roles };
  return { status: 200, body: { value: [] } };
}
