import type { AzurePartsArguments } from "../../infrastructure/arguments.ts";
import { isObject } from "../../providers/domain/json.ts";
import { type AzureApi, azureErrorOf } from "./azure-api.ts";
import { AzureError } from "./azure-error.ts";

/** One kind of name that is shared with everybody in the cloud. */
interface SharedName {
  readonly what: string;
  readonly namespace: string;
  readonly kind: string;
  readonly version: string;
  readonly setting: "vault" | "storageAccount";
}

const SHARED_NAMES: readonly SharedName[] = [
  { what: "vault", namespace: "Microsoft.KeyVault", kind: "vaults", version: "2023-07-01", setting: "vault" },
  { what: "storage account", namespace: "Microsoft.Storage", kind: "storageAccounts", version: "2023-05-01", setting: "storageAccount" },
];

/**
 * What would make Azure refuse half-way, asked before anything is made: is the subscription there,
 * and are the names free, or ours already? Gives the subscription's name. Throws `AzureError` that
 * says what to do. Sources:
 * https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/check-name-availability,
 * https://learn.microsoft.com/rest/api/storagerp/storage-accounts/check-name-availability
 */
export async function checkAzure(settings: AzurePartsArguments, api: AzureApi): Promise<string> {
  const subscription = await api.get(`${subscriptionOf(settings)}?api-version=2022-12-01`);
  const what = `subscription ${settings.subscriptionId} cannot be used; nothing was made`;
  if (subscription.status !== 200) throw azureErrorOf(what, subscription);
  const { displayName, state } = subscription.body;
  if (typeof state === "string" && state !== "Enabled") {
    throw new AzureError(`${what}: it is ${state}`, { hint: "see it in the portal, or choose another with --subscription" });
  }
  for (const shared of SHARED_NAMES) await checkName(settings, shared, api);
  return typeof displayName === "string" ? displayName : settings.subscriptionId;
}

async function checkName(settings: AzurePartsArguments, shared: SharedName, api: AzureApi): Promise<void> {
  const name = settings.names[shared.setting];
  const provider = `${subscriptionOf(settings)}/providers/${shared.namespace}`;
  const version = `?api-version=${shared.version}`;
  const check = await api.post(`${provider}/checkNameAvailability${version}`, { name, type: `${shared.namespace}/${shared.kind}` });
  const what = `the name ${name} of the ${shared.what} cannot be had; nothing was made`;
  if (check.status !== 200) throw azureErrorOf(what, check);
  if (check.body.nameAvailable !== false) return;
  const own = `${subscriptionOf(settings)}/resourceGroups/${settings.names.resourceGroup}/providers/${shared.namespace}/${shared.kind}/${name}`;
  if ((await api.get(`${own}${version}`)).status === 200) return;
  const said = typeof check.body.message === "string" ? check.body.message : "it is taken";
  const hint = (shared.setting === "vault" ? await deletedHint(settings, api) : null) ?? `set names.${shared.setting}, or --name`;
  throw new AzureError(`${what}: ${said}`, { hint });
}

/** A deleted vault keeps its name, and its secrets, for 90 days. */
async function deletedHint(settings: AzurePartsArguments, api: AzureApi): Promise<string | null> {
  const { location, names } = settings;
  const place = `${subscriptionOf(settings)}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${names.vault}`;
  const deleted = await api.get(`${place}?api-version=2023-07-01`);
  if (deleted.status !== 200) return null;
  const properties = isObject(deleted.body.properties) ? deleted.body.properties : {};
  const until = typeof properties.scheduledPurgeDate === "string" ? ` until ${properties.scheduledPurgeDate}` : "";
  return `a deleted vault of yours holds it${until}, with what was in it: az keyvault recover --name ${names.vault}, then import it as docs/azure.md says; or set names.vault`;
}

function subscriptionOf({ subscriptionId }: AzurePartsArguments): string {
  return `/subscriptions/${subscriptionId}`;
}
