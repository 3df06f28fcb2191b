import type * as pulumi from "../sdk.ts";
import { registerQuietly } from "./register-quietly.ts";

/**
 * Quick registrations under way at once. The SDK makes some two hundred promises for a resource,
 * which stay until the engine has answered; so many keep the engine busy.
 */
const AT_ONCE = 50;

/**
 * Registers a resource for each entry, in order. Those that are `isQuick`, for which the engine has
 * nothing to do but to compare, wait for one another; the others wait for devices, and each is
 * registered as soon as its turn comes.
 */
export async function registerInTurn<Entry, Resource extends { readonly urn: Pick<pulumi.Output<string>, "apply"> }>(
  entries: readonly Entry[],
  isQuick: (entry: Entry) => boolean,
  register: (entry: Entry) => Resource,
): Promise<readonly Resource[]> {
  const resources: Resource[] = [];
  let underWay = 0;
  let oneEnded = Promise.withResolvers<void>();
  for (const entry of entries) {
    const isOneOfMany = isQuick(entry);
    while (isOneOfMany && underWay >= AT_ONCE) await oneEnded.promise;
    const resource = registerQuietly(() => register(entry));
    resources.push(resource);
    if (!isOneOfMany) continue;
    underWay += 1;
    // The name that the engine gives it comes with its answer.
    resource.urn.apply(() => {
      underWay -= 1;
      oneEnded.resolve();
      oneEnded = Promise.withResolvers<void>();
    });
  }
  return resources;
}
