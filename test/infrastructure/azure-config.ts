/** A configuration that is right, as values of the stack's file. */
export const GOOD_CONFIG = {
  location: "westeurope",
  tenantId: "11111111-2222-3333-4444-555555555555",
  subscriptionId: "22222222-3333-4444-5555-666666666666",
  readersGroupId: "33333333-4444-5555-6666-777777777777",
  operatorsGroupId: "44444444-5555-6666-7777-888888888888",
  allowedIpRanges: ["203.0.113.7", "198.51.100.0/24"],
  github: { repository: "contoso/devices", environments: ["production", "Second site"] },
  azureDevOps: {
    organization: "contoso",
    organizationId: "55555555-6666-7777-8888-999999999999",
    project: "Device lifecycle",
    previewConnection: "devices-preview",
    upConnection: "devices-up",
  },
} as const;
