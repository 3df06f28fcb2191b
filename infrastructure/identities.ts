import { FederatedIdentityCredential, UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/index.js";
import type { Resource } from "@pulumi/pulumi";
import { IDENTITIES, type IdentityName, type ResourceNames } from "./arguments.ts";
import type { Place } from "./place.ts";
import { AUDIENCES } from "./trusts.ts";

/** One per role of a run; neither has a secret. */
export type Identities = Readonly<Record<IdentityName, UserAssignedIdentity>>;

const NAME_KEYS: Readonly<Record<IdentityName, keyof ResourceNames>> = { preview: "previewIdentity", up: "upIdentity" };

/**
 * Two identities without any secret: a workflow becomes one of them by a token of its own that
 * names repository and environment. Their tags stay those of their first day: a preview that
 * changes an identity takes its object id for unknown, and everything given to it for replaced.
 */
export function createIdentities(place: Place): Identities {
  const [preview, up] = IDENTITIES.map((name) => createIdentity(place, name));
  if (preview === undefined || up === undefined) throw new TypeError("there are two identities");
  return { preview, up };
}

function createIdentity(place: Place, name: IdentityName): UserAssignedIdentity {
  const { settings, group, nameOf, options } = place;
  const identity = new UserAssignedIdentity(
    nameOf(`${name}-identity`),
    {
      resourceGroupName: group.name,
      resourceName: settings.names[NAME_KEYS[name]],
      location: settings.identityLocation,
      tags: { ...settings.tags },
    },
    { ...options, ignoreChanges: ["tags"] },
  );
  trustWorkflows(place, name, identity);
  return identity;
}

/**
 * One after another: Azure refuses two at once for one identity with a conflict.
 * Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
 */
function trustWorkflows({ settings, group, nameOf, options }: Place, identityName: IdentityName, identity: UserAssignedIdentity): void {
  let before: readonly Resource[] = [];
  for (const { name, issuer, subject } of settings.trusts.filter((trust) => trust.identity === identityName)) {
    const credential = new FederatedIdentityCredential(
      nameOf(`${identityName}-${name}`),
      {
        resourceGroupName: group.name,
        resourceName: identity.name,
        federatedIdentityCredentialResourceName: name,
        issuer,
        subject,
        audiences: [AUDIENCES[settings.cloud]],
      },
      { ...options, dependsOn: [...before] },
    );
    before = [credential];
  }
}
