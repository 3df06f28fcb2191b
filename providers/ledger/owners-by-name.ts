import { normalizeSerial } from "../domain/managed-device.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { textsIn } from "./column.ts";

/** Places of requests, by what tells a device or a call from others. */
export type OwnersByName = ReadonlyMap<string, readonly number[]>;

/** A device by its id alone, as `identitiesOf` names it. */
export function idName(deviceId: string): string {
  return `id ${deviceId.toLowerCase()}`;
}

/**
 * By the names that `identitiesOf` gives. What makes two serial numbers one is the matter of the
 * version that reads. A whole column is folded at once: one by one took twenty times as long.
 */
export function ownersByDevice({ deviceIds, deviceSerials, deviceOwners }: Checkpoint): OwnersByName {
  const found = new Map<string, number[]>();
  addAll(found, "id ", textsIn(deviceIds.toLowerCase(), deviceOwners.length), deviceOwners);
  addAll(found, "serial ", textsIn(normalizeSerial(deviceSerials), deviceOwners.length), deviceOwners);
  return found;
}

/** By client request id, in lower case. */
export function ownersByCall({ calls, callOwners }: Checkpoint): OwnersByName {
  const found = new Map<string, number[]>();
  addAll(found, "", textsIn(calls.toLowerCase(), callOwners.length), callOwners);
  return found;
}

function addAll(found: Map<string, number[]>, prefix: string, texts: readonly string[], owners: Uint32Array): void {
  for (let place = 0; place < owners.length; place++) {
    const name = `${prefix}${texts[place]}`;
    const known = found.get(name);
    const owner = owners[place] ?? Number.NaN;
    if (known === undefined) found.set(name, [owner]);
    else known.push(owner);
  }
}
