import type { AzureOutputs } from "./outputs.ts";

/**
 * What is left to do by hand, as lines to copy. `passphrase`: of the state of the Azure parts,
 * where it lies on this machine, else null.
 */
export function renderNext(outputs: AzureOutputs, stack: string, passphrase: string | null): string {
  const { backend, tenantId, subscriptionId, previewClientId, upClientId } = outputs;
  return [
    "Variables of the workflows, for whose environments docs/workflows.md has the rules (previews: preview, up: production):",
    `  both      AZURE_TENANT_ID=${tenantId} AZURE_SUBSCRIPTION_ID=${subscriptionId} PULUMI_BACKEND_URL='${backend}'`,
    `  previews  AZURE_CLIENT_ID=${previewClientId}`,
    `  up        AZURE_CLIENT_ID=${upClientId}`,
    "",
    "State of the requests' stack, in Azure Storage:",
    `  export PULUMI_BACKEND_URL='${backend}' PULUMI_CONFIG_PASSPHRASE='…'`,
    `  ./dlr pulumi stack select --create ${stack}`,
    ...(passphrase === null ? [] : ["", ...moveLines(backend, stack, passphrase)]),
  ].join("\n");
}

function moveLines(backend: string, stack: string, passphrase: string): readonly string[] {
  return [
    "State of the Azure parts lies in .pulumi-state/ of this folder. Keep it, or move it to the container too, before any export above",
    "(whoever does needs the role Storage Blob Data Contributor on that container; there is no secret in it for the passphrase to guard):",
    `  ./dlr pulumi -C infrastructure stack export --stack ${stack} --file moved-state.json`,
    `  export PULUMI_BACKEND_URL='${backend}' PULUMI_CONFIG_PASSPHRASE='${passphrase}'`,
    `  ./dlr pulumi -C infrastructure stack select --create ${stack}`,
    `  ./dlr pulumi -C infrastructure stack import --stack ${stack} --file moved-state.json`,
    "  rm infrastructure/moved-state.json   # and run this command with that PULUMI_BACKEND_URL from then on",
  ];
}
