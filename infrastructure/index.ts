import { runProgram } from "./program.ts";

/**
 * Stack outputs: what the requests' stack and its pipelines are configured with. docs/azure.md says
 * where each goes.
 */
export const {
  escrow,
  ledger,
  backend,
  tenantId,
  subscriptionId,
  previewClientId,
  upClientId,
  previewPrincipalId,
  upPrincipalId,
  resourceGroupId,
  vaultId,
  storageAccountId,
  workspaceId,
} = await runProgram(process.env);
