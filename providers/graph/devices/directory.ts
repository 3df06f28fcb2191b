import { GraphReadError } from "../../domain/errors.ts";
import type { ManagedDevice } from "../../domain/managed-device.ts";
import type { DeviceReference } from "../../domain/plan.ts";
import type { CloseLook, DeviceDirectory } from "../../domain/ports.ts";
import type { Redacted } from "../../domain/redacted.ts";
import type { GraphEndpoint } from "../../support/cloud.ts";
import { readError } from "../client/answer.ts";
import { coalesce } from "../client/coalesce.ts";
import type { GraphClient } from "../client/graph-client.ts";
import { BATCH_SIZE } from "../client/limits.ts";
import { get } from "../client/read-call.ts";
import { devicePath, isAddressable, withQuery } from "../client/urls.ts";
import { createDeviceReads, type DeviceReads, isOk, parseBody } from "./device-reads.ts";
import { createLookAgain, searchList } from "./look-for-gone.ts";
import { isSameText } from "./match-selector.ts";
import { type DirectoryEntry, parseBypassCode } from "./parse-device.ts";
import { resolveSelectors } from "./resolve-selectors.ts";
import { BYPASS_CODE_PROPERTIES } from "./selected-properties.ts";

type ReadOne = (path: string) => Promise<DirectoryEntry | null>;

/** Looks at many devices at once share `$batch` requests; a close look is a GET of its own. */
export function createDirectory(client: GraphClient, endpoint: GraphEndpoint): DeviceDirectory {
  const reads = createDeviceReads(client);
  const readOne: ReadOne = coalesce<DirectoryEntry | null>((paths) => reads.devicesAt(paths), {
    size: BATCH_SIZE,
    parallel: client.limits.parallelBatches,
  });
  const lookAgain = createLookAgain(reads, endpoint);
  return {
    resolveEach: (selectors) => resolveSelectors(reads, endpoint, selectors),
    observe: (device) => observe(reads, readOne, device),
    lookClosely: (device, withCode) => lookClosely(reads, device, withCode),
    lookForGone: async (device, serialNumber) => {
      const found = await lookAgain(ownPath(device));
      if (!("device" in found)) return searchList(found, device.id, serialNumber);
      checkSameDevice(device, found.device.id);
      return { kind: "there", device: found.device };
    },
    readBypassCode: (device) => readBypassCode(client, device),
  };
}

/**
 * Always at the tenant's own address. A path through a user, an app or a script also ends when
 * these go, and what it says of a device is not believed: it carries the action and nothing else.
 */
async function observe(reads: DeviceReads, readOne: ReadOne, reference: DeviceReference): Promise<ManagedDevice | null> {
  const [entry] = await Promise.all([readOne(ownPath(reference)), checkRunState(reads, reference)]);
  if (entry === null) return null;
  checkSameDevice(reference, entry.device.id);
  return entry.device;
}

/**
 * The run of a script leads to whatever device it ran on: its path has no id, so an action could
 * reach another one.
 */
async function checkRunState(reads: DeviceReads, { id, path }: DeviceReference): Promise<void> {
  if (path.kind !== "deviceRunState") return;
  const [there = null] = await reads.idsAt([devicePath({ id, path })]);
  if (there instanceof GraphReadError) throw there;
  if (there !== null) checkSameDevice({ id, path }, there);
}

/** Alone, with its code, and anew each time: the last look before what cannot be taken back. */
async function lookClosely(reads: DeviceReads, reference: DeviceReference, withCode: boolean): Promise<CloseLook> {
  const [look] = await Promise.all([reads.closely(ownPath(reference), withCode), checkRunState(reads, reference)]);
  checkSameDevice(reference, look.device.id);
  return look;
}

/**
 * Plain, alone and anew each time: a code that is about to be the only way into a device may come
 * from no batch and no memory.
 */
async function readBypassCode(client: GraphClient, reference: DeviceReference): Promise<Redacted<string> | null> {
  const answer = await client.read(get(withQuery(ownPath(reference), { select: BYPASS_CODE_PROPERTIES })));
  // What the server says in words is left out: it is an answer about a secret that we do not know
  // yet.
  if (!isOk(answer)) throw readError("the Activation Lock bypass code of a device", { status: answer.status, body: "" }, []);
  const { id, code } = parseBypassCode(parseBody(answer));
  if (code !== null) client.keepSecret(code);
  checkSameDevice(reference, id);
  return code;
}

function ownPath({ id, path }: DeviceReference): string {
  if (isAddressable(path, id)) return devicePath({ id, path: { kind: "managedDevices" } });
  throw new GraphReadError("the path to a device has a part that cannot stand in an address; nothing was asked");
}

function checkSameDevice(reference: DeviceReference, id: string): void {
  if (isSameText(reference.id, id)) return;
  throw new GraphReadError("Graph gave another device than the one that was asked for; nothing was done");
}
