/** What to do about a refusal of Azure's, by its code. */
export interface Advice {
  readonly code: string;
  readonly text: string;
}

/**
 * Codes of Azure Resource Manager and of the services behind it, which stand in what the provider
 * prints. Whatever is not here is told in Azure's own words alone. Source:
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
 */
const ADVICE: Readonly<Record<string, string>> = {
  VaultAlreadyExists:
    "another vault of the cloud has this name, or a deleted one of yours still holds it (az keyvault list-deleted): recover that one and import it, as docs/azure.md says, or set names.vault",
  ConflictError:
    "a deleted vault of this name can still be had back (az keyvault list-deleted): recover it and import it, as docs/azure.md says, or set names.vault",
  StorageAccountAlreadyTaken: "another storage account of the cloud has this name: set names.storageAccount",
  StorageAccountAlreadyExists: "a storage account of this name is in another resource group of yours: set names.storageAccount",
  AuthorizationFailed:
    "whoever is signed in needs Owner, or Contributor with Role Based Access Control Administrator, on the subscription or the resource group; a new right takes some minutes",
  LinkedAuthorizationFailed:
    "whoever is signed in may not use something that is named in the configuration, such as a subnet: have it allowed, or leave it out",
  RequestDisallowedByPolicy:
    "a policy of your organisation refuses it: its name stands in the message; change the setting that it names, or ask its owner",
  MissingSubscriptionRegistration:
    "register the namespace that the message names, once for the subscription: az provider register --namespace NAME --wait",
  SubscriptionNotFound: "the subscription is not of this tenant, or not visible to whoever is signed in: az account list --output table",
  InvalidAuthenticationTokenTenant: "the sign-in is for another tenant than the subscription's: az login --tenant TENANT-ID",
  InvalidSubscriptionRegistrationState: "the subscription is disabled or new: see it in the portal, or wait some minutes",
  LocationNotAvailableForResourceType: "the region does not have this service: set location to another one",
  NoRegisteredProviderFound: "the region does not have this service: set location to another one",
  InvalidResourceLocation:
    "something of this name is in another region already: set location to that one, or give it another name under names",
  InvalidResourceGroupLocation: "the resource group is in another region already: set location to that one, or set names.resourceGroup",
  RedundancyConfigurationNotAvailableInRegion:
    "the region cannot copy storage in this way: set redundancy to LRS or GRS, or location to a region with zones",
  SkuNotAvailable: "the region cannot copy storage in this way: set redundancy to LRS or GRS, or location to a region with zones",
  PrincipalNotFound:
    "a group named in the configuration is not in this tenant: readersGroupId and operatorsGroupId are object ids (az ad group show --group NAME --query id)",
  PrincipalTypeNotSupported: "readersGroupId and operatorsGroupId must be ids of groups, not of users",
  UnmatchedPrincipalType: "readersGroupId and operatorsGroupId must be ids of groups, not of users",
  RoleDefinitionWithSameNameExists:
    "an earlier set of these parts has left its role (az role definition list --custom-role-only): delete it, or set names.vault",
  RoleAssignmentExists: "the right was given by hand before: take it away (az role assignment list --scope ID), then run again",
  RoleAssignmentLimitExceeded: "the subscription has no room for more role assignments: have old ones removed",
  RoleDefinitionDoesNotExist: "a new role takes some minutes to be known: run again",
  ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity: "somebody changes the same identity at this moment: run again",
  ContainerImmutabilityPolicyFailure: "the policy of the ledger is changed by hand only: docs/azure.md has the commands",
  ScopeLocked: "a lock on the resource or its group refuses it: az lock list --resource-group NAME",
};

/** Advice for each refusal in what a run printed, once each, in the order in which they came. */
export function adviceFor(output: string): readonly Advice[] {
  const words = new Set(output.match(/[A-Z][A-Za-z]{7,}/g) ?? []);
  return [...words].flatMap((code) => {
    const text = Object.hasOwn(ADVICE, code) ? ADVICE[code] : undefined;
    return text === undefined ? [] : [{ code, text }];
  });
}
