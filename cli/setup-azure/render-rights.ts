import { IDENTITIES, type IdentityName } from "../../infrastructure/arguments.ts";
import {
  allowedBeyond,
  comparePermissions,
  grantedPermissions,
  type Needs,
  neededPermissions,
  optionalLeft,
  type Principals,
  permissionAddresses,
  renderGrantCommands,
} from "../../infrastructure/graph-permissions.ts";
import { findRemoteAction } from "../../providers/domain/actions/action-table.ts";
import { printable } from "../../providers/domain/diagnostic.ts";
import { ProductError } from "../../providers/domain/errors.ts";
import type { Redacted } from "../../providers/domain/redacted.ts";
import { BUILT_IN_PLAYBOOKS } from "../../providers/request/built-in-playbooks.ts";
import { CLOUDS, type Cloud } from "../../providers/support/cloud.ts";
import { AzureApi, azureErrorOf } from "./azure-api.ts";

/**
 * The permissions for Graph that the identities lack, as commands for somebody who may give them;
 * nothing is given here. What cannot be looked up counts as lacking.
 */
export async function renderRights(principals: Principals, cloud: Cloud, token: () => Promise<Redacted<string>>): Promise<string> {
  const needs = neededPermissions(actionsOfPlaybooks());
  const found = await comparison(needs, principals, cloud, token).catch((error: unknown) => {
    if (error instanceof ProductError) return error;
    throw error;
  });
  if (found instanceof ProductError) {
    return renderCommands(needs, principals, cloud, `whether they have them already is not known here (${printable(found.message)})`);
  }
  const beyond = found.flatMap((one) =>
    one.beyond.map((name) => `WARNING: ${one.identity} has ${name}, which it does not need: take it away`),
  );
  const isComplete = found.every(({ missing }) => missing.length === 0);
  const missing = found.flatMap((one) => one.missing.map(({ permission }) => `${one.identity} lacks ${permission}`)).join(", ");
  const text = isComplete
    ? `Microsoft Graph: both identities have the permissions that they need.${optionalOf(needs, found)}`
    : renderCommands(needs, principals, cloud, missing);
  return [text, ...beyond].join("\n");
}

/** Names the optional permissions that an identity does not have. */
function optionalOf(needs: Needs, found: readonly { readonly identity: IdentityName; readonly granted: readonly string[] }[]): string {
  return found
    .flatMap(({ identity, granted }) => optionalLeft(needs, identity, granted))
    .map(({ identity, permission, why }) => ` Optional: ${permission} for ${identity} (${why}).`)
    .join("");
}

function renderCommands(needs: Needs, principals: Principals, cloud: Cloud, why: string): string {
  const people = needs.people.map(({ permission, why: actions }) => `# people, by dlr login: ${permission} (${actions})`);
  return [
    `Microsoft Graph: ${why}.`,
    "A Privileged Role Administrator gives the permissions that the built-in playbooks need, in a shell with the Azure CLI (other actions: docs/actions.md):",
    "",
    ...renderGrantCommands(needs, principals, cloud),
    ...people,
  ].join("\n");
}

function actionsOfPlaybooks() {
  const names = new Set(BUILT_IN_PLAYBOOKS.flatMap(({ steps }) => steps.map(({ action }) => action)));
  return [...names].map(findRemoteAction).filter((action) => action !== undefined);
}

async function comparison(needs: Needs, principals: Principals, cloud: Cloud, token: () => Promise<Redacted<string>>) {
  const host = CLOUDS[cloud].graphHost;
  const api = new AzureApi(host, await token());
  const ask = async (address: string) => {
    const answer = await api.get(address.slice(`https://${host}`.length));
    if (answer.status === 200) return answer.body;
    throw azureErrorOf("permissions cannot be looked up", answer);
  };
  const addresses = permissionAddresses(principals, cloud);
  const roles = await ask(addresses.roles);
  const results = IDENTITIES.map(async (identity) => {
    const granted = grantedPermissions(roles, await ask(addresses.given[identity]));
    return { identity, granted, ...comparePermissions(needs.identities[identity], granted, allowedBeyond(identity)) };
  });
  return Promise.all(results);
}
