import { GraphReadError } from "../domain/errors.ts";
import type { ManagedDevice } from "../domain/managed-device.ts";
import type { DeviceReference } from "../domain/plan.ts";
import type { DeviceDirectory } from "../domain/ports.ts";
import type { Redacted } from "../domain/redacted.ts";
import { readError } from "./answer.ts";
import type { GraphEndpoint } from "./cloud.ts";
import { coalesce } from "./coalesce.ts";
import { createDeviceReads, isOk, parseBody } from "./device-reads.ts";
import type { GraphClient } from "./graph-client.ts";
import { BATCH_SIZE } from "./limits.ts";
import { isSameText } from "./match-selector.ts";
import { type DirectoryEntry, parseBypassCode } from "./parse-device.ts";
import { get } from "./read-call.ts";
import { resolveSelectors } from "./resolve-selectors.ts";
import { BYPASS_CODE_PROPERTIES } from "./selected-properties.ts";
import { devicePath, isAddressable, withQuery } from "./urls.ts";

type ReadOne = (path: string) => Promise<DirectoryEntry | null>;

export function createDirectory(client: GraphClient, endpoint: GraphEndpoint): DeviceDirectory {
  const reads = createDeviceReads(client);
  const readOne: ReadOne = coalesce<DirectoryEntry | null>((paths) => reads.devicesAt(paths), {
    size: BATCH_SIZE,
    parallel: client.limits.parallelBatches,
  });
  return {
    resolve: (selectors) => resolveSelectors(reads, endpoint, selectors),
    observe: (device) => observe(readOne, device),
    readBypassCode: (device) => readBypassCode(client, device),
  };
}

/**
 * A path through a user, an app or a script also ends when these go: a leaver's account is deleted, the device is not. Only
 * the tenant's own list says that a device is gone.
 */
async function observe(readOne: ReadOne, reference: DeviceReference): Promise<ManagedDevice | null> {
  const own: DeviceReference = { id: reference.id, path: { kind: "managedDevices" } };
  const found = await readOne(pathTo(reference));
  const entry = found === null && reference.path.kind !== "managedDevices" ? await readOne(pathTo(own)) : found;
  if (entry === null) return null;
  checkSameDevice(reference, entry.device.id);
  return entry.device;
}

/** Plain, alone and anew each time: a code that is about to be the only way into a device may come from no batch and no memory. */
async function readBypassCode(client: GraphClient, reference: DeviceReference): Promise<Redacted<string> | null> {
  const answer = await client.read(get(withQuery(pathTo(reference), { select: BYPASS_CODE_PROPERTIES })));
  // What the server says in words is left out: it is an answer about a secret that we do not know yet.
  if (!isOk(answer)) throw readError("the Activation Lock bypass code of a device", { status: answer.status, body: "" }, []);
  const { id, code } = parseBypassCode(parseBody(answer));
  if (code !== null) client.keepSecret(code);
  checkSameDevice(reference, id);
  return code;
}

function pathTo(reference: DeviceReference): string {
  if (isAddressable(reference.path, reference.id)) return devicePath(reference);
  throw new GraphReadError("the path to a device has a part that cannot stand in an address; nothing was asked");
}

function checkSameDevice(reference: DeviceReference, id: string): void {
  if (isSameText(reference.id, id)) return;
  throw new GraphReadError("Graph gave another device than the one that was asked for; nothing was done");
}
