import { createRequire } from "node:module";
import type { AzurePartsArguments } from "../../infrastructure/arguments.ts";
import { AzureParts } from "../../infrastructure/azure-parts.ts";
import { parseSettings } from "../../infrastructure/settings.ts";
import { GOOD_CONFIG } from "./azure-config.ts";

type Sdk = typeof import("@pulumi/pulumi");

/** The SDK that the program itself loads: it has packages of its own. */
export const sdk: Sdk = createRequire(new URL("../../infrastructure/index.ts", import.meta.url))("@pulumi/pulumi");

/** One resource as the program registered it. */
export interface Registered {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface Registrations {
  readonly resources: ReadonlyMap<string, Registered>;
  readonly outputs: Readonly<Record<string, string>>;
}

export function settingsFor(changes: Readonly<Record<string, unknown>> = {}): AzurePartsArguments {
  const entries = Object.entries({ ...GOOD_CONFIG, ...changes }).filter(([, value]) => value !== undefined);
  return parseSettings(new Map(entries.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)])), "prod");
}

/** Runs the component with Pulumi's mocks in place of an engine. Ids are `id of NAME`. */
export async function register(changes: Readonly<Record<string, unknown>> = {}): Promise<Registrations> {
  const resources = new Map<string, Registered>();
  await sdk.runtime.setMocks({
    newResource({ name, type, inputs }) {
      resources.set(name.replace("device-lifecycle-", ""), { type, inputs });
      return { id: `id of ${name}`, state: { ...inputs, ...STATE[type]?.(inputs, name) } };
    },
    call: ({ inputs }) => inputs,
  });
  const parts = new AzureParts("device-lifecycle", settingsFor(changes));
  const values = await Promise.all(OUTPUTS.map(async (key) => [key, await resolved(parts[key])] as const));
  await sdk.runtime.disconnect();
  return { resources, outputs: Object.fromEntries(values) };
}

const OUTPUTS = [
  "escrow",
  "ledger",
  "backend",
  "previewClientId",
  "upClientId",
  "previewPrincipalId",
  "upPrincipalId",
  "workspaceId",
] as const;

/** What Azure adds to what it was given. */
const STATE: Readonly<Record<string, (inputs: Record<string, unknown>, name: string) => Record<string, unknown>>> = {
  "azure-native:resources:ResourceGroup": ({ resourceGroupName }) => ({ name: resourceGroupName }),
  "azure-native:keyvault:Vault": ({ vaultName }) => ({ name: vaultName }),
  "azure-native:storage:StorageAccount": ({ accountName }) => ({ name: accountName }),
  "azure-native:storage:BlobContainer": ({ containerName }) => ({ name: containerName }),
  "azure-native:managedidentity:UserAssignedIdentity": ({ resourceName }, name) => ({
    name: resourceName,
    clientId: `client of ${name}`,
    principalId: `principal of ${name}`,
  }),
};

function resolved<T>(output: { apply(work: (value: T) => void): unknown }): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
