import { GraphReadError } from "../domain/errors.ts";
import { canonicalJson } from "../domain/json.ts";
import { isGenericSerial, type ManagedDevice, normalizeSerial } from "../domain/managed-device.ts";
import type { DevicePath } from "../domain/plan.ts";
import type { DeviceSelector } from "../domain/request.ts";
import type { GraphEndpoint } from "./cloud.ts";
import type { DeviceReads, ReadResult } from "./device-reads.ts";
import { findDevices, type Wanted } from "./find-devices.ts";
import { isSameText, matchesSelector, pathOfSelector } from "./match-selector.ts";
import type { DirectoryEntry } from "./parse-device.ts";
import { devicePath, isAddressable, runStatePath } from "./urls.ts";

/** How a selector's candidates are found: at one address, or among the tenant's devices. */
type Lookup = { readonly kind: "at"; readonly path: string } | { readonly kind: "search"; readonly wanted: Wanted };

interface Question {
  readonly selector: DeviceSelector;
  readonly path: DevicePath;
  readonly lookup: Lookup;
}

/** Who fits each selector, in the selectors' order. Equal selectors are asked for once. */
export async function resolveSelectors(
  reads: DeviceReads,
  endpoint: GraphEndpoint,
  selectors: readonly DeviceSelector[],
): Promise<readonly (readonly ManagedDevice[])[]> {
  const keys = selectors.map(keyOf);
  const questions = new Map<string, Question>();
  for (const [index, selector] of selectors.entries()) {
    const question = questionOf(selector);
    if (question !== null) questions.set(keys[index] ?? "", question);
  }
  const asked = [...questions.values()];
  const answers = await confirmPaths(reads, asked, await candidates(reads, endpoint, asked));
  const devices = new Map([...questions.keys()].map((key, index) => [key, answers[index] ?? []]));
  return keys.map((key) => devices.get(key) ?? []);
}

function keyOf(selector: DeviceSelector): string {
  const { deviceRunState, ...flat } = selector;
  return canonicalJson({ ...flat, ...(deviceRunState === undefined ? {} : { deviceRunState: { ...deviceRunState } }) });
}

/** Null for a selector that cannot name anything: nothing is asked for it. */
function questionOf(selector: DeviceSelector): Question | null {
  const { id, serialNumber, deviceName, deviceRunState } = selector;
  const path = pathOfSelector(selector);
  if (!isAddressable(path, id) || (serialNumber !== undefined && isGenericSerial(serialNumber))) return null;
  const question = (lookup: Lookup): Question => ({ selector, path, lookup });
  if (deviceRunState !== undefined) return question({ kind: "at", path: runStatePath(deviceRunState.script, deviceRunState.runState) });
  if (id !== undefined) return question({ kind: "at", path: devicePath({ id, path }) });
  if (serialNumber !== undefined) return question({ kind: "search", wanted: { property: "serialNumber", value: serialNumber } });
  if (deviceName === undefined || deviceName === "") return null;
  return question({ kind: "search", wanted: { property: "deviceName", value: deviceName } });
}

async function candidates(
  reads: DeviceReads,
  endpoint: GraphEndpoint,
  questions: readonly Question[],
): Promise<readonly (readonly DirectoryEntry[])[]> {
  const paths = questions.flatMap(({ lookup }) => (lookup.kind === "at" ? [lookup.path] : []));
  const wanted = questions.flatMap(({ lookup }) => (lookup.kind === "search" ? [lookup.wanted] : []));
  const results = await reads.devicesAt(paths);
  const index = indexEntries(wanted.length === 0 ? [] : await findDevices(reads, endpoint, distinct(wanted)));
  const read = new Map(paths.map((path, place) => [path, results[place] ?? null]));
  return questions.map(({ selector, lookup }) => {
    const found = lookup.kind === "search" ? index(lookup.wanted) : oneOrNone(read.get(lookup.path) ?? null, selector);
    return withoutDuplicates(found.filter((entry) => matchesSelector(selector, entry)));
  });
}

function distinct(wanted: readonly Wanted[]): readonly Wanted[] {
  return [...new Map(wanted.map((one) => [indexKey(one.property, one.value), one])).values()];
}

/** What stands where no GUID is written cannot be a device, and Graph answers 400 for it. */
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function oneOrNone(result: ReadResult, { id }: DeviceSelector): readonly DirectoryEntry[] {
  if (result === null) return [];
  if (!(result instanceof GraphReadError)) return [result];
  if (result.status === 400 && id !== undefined && !GUID.test(id)) return [];
  throw result;
}

function indexEntries(entries: readonly DirectoryEntry[]): (wanted: Wanted) => readonly DirectoryEntry[] {
  const places = new Map<string, DirectoryEntry[]>();
  const add = (property: Wanted["property"], entry: DirectoryEntry) => {
    const value = entry.device[property];
    if (value === null) return;
    const key = indexKey(property, value);
    const there = places.get(key);
    if (there === undefined) places.set(key, [entry]);
    else there.push(entry);
  };
  for (const entry of entries) {
    add("serialNumber", entry);
    add("deviceName", entry);
  }
  return ({ property, value }) => places.get(indexKey(property, value)) ?? [];
}

function indexKey(property: Wanted["property"], value: string): string {
  return `${property} ${property === "serialNumber" ? normalizeSerial(value) : value.toLowerCase()}`;
}

function withoutDuplicates(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  return [...new Map(entries.map((entry) => [entry.device.id.toLowerCase(), entry])).values()];
}

/** What was found elsewhere must also be where the selector's path leads: a device without the detected app is not meant. */
async function confirmPaths(
  reads: DeviceReads,
  questions: readonly Question[],
  found: readonly (readonly DirectoryEntry[])[],
): Promise<readonly (readonly ManagedDevice[])[]> {
  const open = questions.flatMap((question, index) =>
    needsConfirmation(question) ? (found[index] ?? []).map(({ device }) => devicePath({ id: device.id, path: question.path })) : [],
  );
  const results = await reads.devicesAt(open);
  const confirmed = new Map(open.map((path, place) => [path, results[place] ?? null]));
  return questions.map((question, index) => {
    const devices = (found[index] ?? []).map(({ device }) => device);
    if (!needsConfirmation(question)) return devices;
    return devices.filter((device) => {
      const [there] = oneOrNone(confirmed.get(devicePath({ id: device.id, path: question.path })) ?? null, {});
      return there !== undefined && isSameText(device.id, there.device.id);
    });
  });
}

/** Looked up by id, a device was read at its path already; a user is told by the device itself. */
function needsConfirmation({ path, lookup }: Question): boolean {
  if (path.kind === "deviceRunStateDetectedApp") return true;
  return lookup.kind === "search" && (path.kind === "detectedApp" || path.kind === "detectedAppUser");
}
