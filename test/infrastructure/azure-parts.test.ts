import { beforeAll, describe, expect, test } from "@jest/globals";
import { type Registrations, register, settingsFor } from "./pulumi-mocks.ts";

const { names, readersGroupId, operatorsGroupId, subscriptionId, tenantId } = settingsFor();

let registered: Registrations;
/** With as little as can be said, in a region without federated credentials. */
let bare: Registrations;

beforeAll(async () => {
  registered = await register();
  const without = { allowedIpRanges: undefined, operatorsGroupId: undefined };
  bare = await register({ ...without, location: "newzealandnorth", identityLocation: "australiaeast" });
});

function inputsOf(name: string, { resources }: Registrations = registered): Readonly<Record<string, unknown>> {
  const resource = resources.get(name);
  if (resource === undefined) throw new Error(`no resource ${name} among ${[...resources.keys()].join(", ")}`);
  return resource.inputs;
}

test("everything that is made", () => {
  const made = [...registered.resources].map(([name, { type }]) => `${name} ${type.split(":").at(-1)}`);

  expect(made.sort()).toEqual(
    [
      "device-lifecycle AzureParts",
      "group ResourceGroup",
      "vault Vault",
      "storage StorageAccount",
      "blob-protection BlobServiceProperties",
      "ledger BlobContainer",
      "ledger-policy BlobContainerImmutabilityPolicy",
      "state BlobContainer",
      "state-cleaning ManagementPolicy",
      "logs Workspace",
      "vault-audit DiagnosticSetting",
      "storage-audit DiagnosticSetting",
      "preview-identity UserAssignedIdentity",
      "preview-github-pull-request FederatedIdentityCredential",
      "preview-azure-devops-devices-preview FederatedIdentityCredential",
      "up-identity UserAssignedIdentity",
      "up-github-environment-production FederatedIdentityCredential",
      `up-${settingsFor().trusts[2]?.name} FederatedIdentityCredential`,
      "up-azure-devops-devices-up FederatedIdentityCredential",
      "escrowWriter-role RoleDefinition",
      "ledgerWriter-role RoleDefinition",
      "up-escrow RoleAssignment",
      "up-ledger RoleAssignment",
      "up-state RoleAssignment",
      "preview-ledger RoleAssignment",
      "preview-state RoleAssignment",
      "readers-escrow RoleAssignment",
      "operators-ledger RoleAssignment",
    ].sort(),
  );
});

test("the vault decides by roles, keeps what is deleted, and lets in the networks named", () => {
  expect(inputsOf("vault")).toEqual({
    resourceGroupName: names.resourceGroup,
    vaultName: names.vault,
    location: "westeurope",
    tags: { product: "device-lifecycle", stack: "prod", managedBy: "pulumi" },
    properties: {
      tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enablePurgeProtection: true,
      enabledForDeployment: false,
      enabledForDiskEncryption: false,
      enabledForTemplateDeployment: false,
      publicNetworkAccess: "Enabled",
      networkAcls: {
        defaultAction: "Deny",
        bypass: "AzureServices",
        ipRules: [{ value: "203.0.113.7/32" }, { value: "198.51.100.0/24" }],
        virtualNetworkRules: [],
      },
    },
  });
});

test("the storage account knows no keys, no public blobs, no old TLS, and the same networks", () => {
  expect(inputsOf("storage")).toEqual({
    resourceGroupName: names.resourceGroup,
    accountName: names.storageAccount,
    location: "westeurope",
    tags: { product: "device-lifecycle", stack: "prod", managedBy: "pulumi" },
    kind: "StorageV2",
    sku: { name: "Standard_ZRS" },
    accessTier: "Hot",
    allowSharedKeyAccess: false,
    defaultToOAuthAuthentication: true,
    allowBlobPublicAccess: false,
    allowCrossTenantReplication: false,
    allowedCopyScope: "AAD",
    enableHttpsTrafficOnly: true,
    minimumTlsVersion: "TLS1_2",
    isLocalUserEnabled: false,
    isSftpEnabled: false,
    publicNetworkAccess: "Enabled",
    networkRuleSet: {
      defaultAction: "Deny",
      bypass: "AzureServices",
      ipRules: [
        { iPAddressOrRange: "203.0.113.7", action: "Allow" },
        { iPAddressOrRange: "198.51.100.0/24", action: "Allow" },
      ],
      virtualNetworkRules: [],
    },
  });
});

test("without networks the public addresses are shut; subnets open them for themselves only", async () => {
  const subnet = `/subscriptions/${subscriptionId}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/runners`;

  const subnets = await register({ allowedIpRanges: undefined, allowedSubnets: [subnet] });

  expect(inputsOf("vault", bare).properties).toMatchObject({
    publicNetworkAccess: "Disabled",
    networkAcls: { defaultAction: "Deny", ipRules: [] },
  });
  expect(inputsOf("storage", bare)).toMatchObject({
    publicNetworkAccess: "Disabled",
    networkRuleSet: { defaultAction: "Deny", ipRules: [] },
  });
  expect(inputsOf("vault", subnets).properties).toMatchObject({
    publicNetworkAccess: "Enabled",
    networkAcls: { defaultAction: "Deny", virtualNetworkRules: [{ id: subnet }] },
  });
  expect(inputsOf("storage", subnets)).toMatchObject({
    publicNetworkAccess: "Enabled",
    networkRuleSet: { defaultAction: "Deny", virtualNetworkRules: [{ virtualNetworkResourceId: subnet, action: "Allow" }] },
  });
});

describe("ledger and state", () => {
  const at = { accountName: names.storageAccount, resourceGroupName: names.resourceGroup };

  test("keep versions and what was deleted", () => {
    expect(inputsOf("blob-protection")).toEqual({
      ...at,
      blobServicesName: "default",
      isVersioningEnabled: true,
      deleteRetentionPolicy: { enabled: true, days: 90, allowPermanentDelete: false },
      containerDeleteRetentionPolicy: { enabled: true, days: 90 },
    });
  });

  test("are containers that nobody reads without a token", () => {
    expect(inputsOf("ledger")).toEqual({ ...at, containerName: "ledger", publicAccess: "None" });
    expect(inputsOf("state")).toEqual({ ...at, containerName: "state", publicAccess: "None" });
  });

  test("the ledger can be appended to and not changed, for a year", () => {
    expect(inputsOf("ledger-policy")).toEqual({
      ...at,
      containerName: "ledger",
      immutabilityPolicyName: "default",
      immutabilityPeriodSinceCreationInDays: 365,
      allowProtectedAppendWrites: true,
    });
  });

  test("old versions go from the container of state, and from no other", () => {
    expect(inputsOf("state-cleaning")).toEqual({
      ...at,
      managementPolicyName: "default",
      policy: {
        rules: [
          {
            name: "old-versions-of-state",
            type: "Lifecycle",
            enabled: true,
            definition: {
              filters: { blobTypes: ["blockBlob"], prefixMatch: ["state/"] },
              actions: { version: { delete: { daysAfterCreationGreaterThan: 90 } } },
            },
          },
        ],
      },
    });
  });
});

test("every read and write of vault and blobs is logged", () => {
  const log = { name: "to-log-analytics", workspaceId: "id of device-lifecycle-logs", logAnalyticsDestinationType: "Dedicated" };

  expect(inputsOf("vault-audit")).toEqual({
    ...log,
    resourceUri: "id of device-lifecycle-vault",
    logs: [{ category: "AuditEvent", enabled: true }],
  });
  expect(inputsOf("storage-audit")).toEqual({
    ...log,
    resourceUri: "id of device-lifecycle-storage/blobServices/default",
    logs: ["StorageRead", "StorageWrite", "StorageDelete"].map((category) => ({ category, enabled: true })),
  });
  expect(inputsOf("logs")).toMatchObject({ retentionInDays: 90, features: { disableLocalAuth: true }, sku: { name: "PerGB2018" } });
});

describe("identities", () => {
  test("are trusted by issuer and exact subject, for the exchange of tokens only", () => {
    const credentials = [...registered.resources.values()].filter(({ type }) => type.endsWith(":FederatedIdentityCredential"));

    expect(new Set(credentials.map(({ inputs }) => [inputs.resourceName, inputs.issuer, inputs.subject]))).toEqual(
      new Set(settingsFor().trusts.map(({ identity, issuer, subject }) => [`id-devices-${identity}`, issuer, subject])),
    );
    for (const { inputs } of credentials) expect(inputs.audiences).toEqual(["api://AzureADTokenExchange"]);
  });

  test("can live in a region of their own", () => {
    expect(inputsOf("up-identity", bare).location).toBe("australiaeast");
    expect(inputsOf("preview-identity", bare).location).toBe("australiaeast");
    expect(inputsOf("vault", bare).location).toBe("newzealandnorth");
  });
});

describe("rights", () => {
  /** What each role lets its holder do with data. */
  function dataActions(key: string): unknown {
    return inputsOf(`${key}-role`).permissions;
  }

  test("our role for escrow sets and gets secrets, and does nothing else", () => {
    expect(dataActions("escrowWriter")).toEqual([
      {
        actions: [],
        notActions: [],
        notDataActions: [],
        dataActions: ["Microsoft.KeyVault/vaults/secrets/setSecret/action", "Microsoft.KeyVault/vaults/secrets/getSecret/action"],
      },
    ]);
  });

  test("our role for the ledger deletes nothing", () => {
    const blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

    expect(dataActions("ledgerWriter")).toEqual([
      { actions: [], notActions: [], notDataActions: [], dataActions: [`${blobs}/read`, `${blobs}/add/action`, `${blobs}/write`] },
    ]);
  });

  test("our roles can be given in the resource group only", () => {
    for (const key of ["escrowWriter", "ledgerWriter"]) {
      expect(inputsOf(`${key}-role`)).toMatchObject({
        roleType: "CustomRole",
        scope: "id of device-lifecycle-group",
        assignableScopes: ["id of device-lifecycle-group"],
        roleName: expect.stringContaining(names.vault),
      });
    }
  });

  test("who has which role on what", () => {
    const roles: Readonly<Record<string, string>> = {
      [String(inputsOf("escrowWriter-role").roleDefinitionId)]: "escrowWriter",
      [String(inputsOf("ledgerWriter-role").roleDefinitionId)]: "ledgerWriter",
      "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
      "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Storage Blob Data Reader",
      "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
    };
    const prefix = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/`;

    const given = [...registered.resources.values()]
      .filter(({ type }) => type.endsWith(":RoleAssignment"))
      .map(({ inputs }) => [
        inputs.principalId,
        inputs.principalType,
        roles[String(inputs.roleDefinitionId).replace(prefix, "")],
        inputs.scope,
      ]);

    const up = "principal of device-lifecycle-up-identity";
    const preview = "principal of device-lifecycle-preview-identity";
    const [vault, ledger, state] = ["vault", "ledger", "state"].map((name) => `id of device-lifecycle-${name}`);
    expect(new Set(given)).toEqual(
      new Set([
        [up, "ServicePrincipal", "escrowWriter", vault],
        [up, "ServicePrincipal", "ledgerWriter", ledger],
        [up, "ServicePrincipal", "Storage Blob Data Contributor", state],
        [preview, "ServicePrincipal", "Storage Blob Data Reader", ledger],
        [preview, "ServicePrincipal", "Storage Blob Data Reader", state],
        [readersGroupId, "Group", "Key Vault Secrets User", vault],
        [operatorsGroupId, "Group", "ledgerWriter", ledger],
      ]),
    );
  });

  test("ids of roles and assignments are GUIDs, all different, and the same in the next run", async () => {
    const idsOf = ({ resources }: Registrations) =>
      [...resources].flatMap(([name, { inputs }]) => {
        const id = inputs.roleAssignmentName ?? (name.endsWith("-role") ? inputs.roleDefinitionId : undefined);
        return typeof id === "string" ? [id] : [];
      });

    const ids = idsOf(registered);

    expect(ids).toHaveLength(9);
    expect(new Set(ids).size).toBe(9);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(idsOf(await register())).toEqual(ids);
    expect(idsOf(await register({ names: { vault: "kv-another-name" } }))).toEqual(ids);
  });

  test("without a group of operators only up writes the ledger", () => {
    expect([...bare.resources.keys()].filter((name) => name.startsWith("operators"))).toEqual([]);
  });
});

describe("outputs", () => {
  test("are what the requests' stack is configured with", () => {
    expect(registered.outputs).toEqual({
      escrow: `https://${names.vault}.vault.azure.net`,
      ledger: `https://${names.storageAccount}.blob.core.windows.net/ledger`,
      backend: `azblob://state?storage_account=${names.storageAccount}`,
      previewClientId: "client of device-lifecycle-preview-identity",
      upClientId: "client of device-lifecycle-up-identity",
      previewPrincipalId: "principal of device-lifecycle-preview-identity",
      upPrincipalId: "principal of device-lifecycle-up-identity",
      workspaceId: "id of device-lifecycle-logs",
    });
  });

  test.each([
    [
      "usGovernment",
      "usgovvirginia",
      { vault: "vault.usgovcloudapi.net", blob: "blob.core.usgovcloudapi.net", audience: "api://AzureADTokenExchangeUSGov" },
    ],
    [
      "usGovernmentDod",
      "usdodeast",
      { vault: "vault.usgovcloudapi.net", blob: "blob.core.usgovcloudapi.net", audience: "api://AzureADTokenExchangeUSGov" },
    ],
    ["china", "chinanorth3", { vault: "vault.azure.cn", blob: "blob.core.chinacloudapi.cn", audience: "api://AzureADTokenExchangeChina" }],
  ])("and audiences are those of cloud %s", async (cloud, location, { vault, blob, audience }) => {
    const there = await register({ cloud, location });

    expect(there.outputs).toMatchObject({
      escrow: `https://${names.vault}.${vault}`,
      ledger: `https://${names.storageAccount}.${blob}/ledger`,
      backend: `azblob://state?storage_account=${names.storageAccount}&domain=${blob}`,
    });
    expect(inputsOf("preview-github-pull-request", there).audiences).toEqual([audience]);
  });
});
