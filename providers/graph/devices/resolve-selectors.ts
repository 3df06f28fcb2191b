import { GraphReadError } from "../../domain/errors.ts";
import { canonicalJson } from "../../domain/json.ts";
import { isGenericSerial, type ManagedDevice } from "../../domain/managed-device.ts";
import type { DevicePath, DeviceReference } from "../../domain/plan.ts";
import type { DeviceSelector } from "../../domain/request.ts";
import type { GraphEndpoint } from "../../support/cloud.ts";
import { devicePath, isAddressable, runStatePath } from "../client/urls.ts";
import { areMembers } from "./are-members.ts";
import type { DeviceReads, IdResult, ReadResult } from "./device-reads.ts";
import { findDevices } from "./find-devices.ts";
import { matchesSelector, pathOfSelector } from "./match-selector.ts";
import type { DirectoryEntry } from "./parse-device.ts";
import { hasName, type Wanted, wantedKey } from "./wanted.ts";

/**
 * How a selector's candidates are found: by id, by where a script ran, or among the tenant's
 * devices.
 */
type Lookup =
  | { readonly kind: "id"; readonly id: string }
  | { readonly kind: "runState"; readonly path: string }
  | { readonly kind: "search"; readonly wanted: Wanted };

interface Question {
  readonly selector: DeviceSelector;
  readonly path: DevicePath;
  readonly lookup: Lookup;
}

/** Who fits, or the error that kept us from telling. */
export type Resolved = readonly ManagedDevice[] | GraphReadError;

type Candidates = readonly DirectoryEntry[] | GraphReadError;

/**
 * Who fits each selector, in the selectors' order; one that fails leaves the others alone. Equal
 * selectors are asked for once. Facts are the tenant's own: another path only says who is there.
 */
export async function resolveSelectors(
  reads: DeviceReads,
  endpoint: GraphEndpoint,
  selectors: readonly DeviceSelector[],
): Promise<readonly Resolved[]> {
  const keys = selectors.map(keyOf);
  const questions = new Map<string, Question>();
  for (const [index, selector] of selectors.entries()) {
    const question = questionOf(selector);
    if (question !== null) questions.set(keys[index] ?? "", question);
  }
  const asked = [...questions.values()];
  const answers = await confirmPaths(reads, endpoint, asked, await candidates(reads, endpoint, asked));
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
  if (deviceRunState !== undefined)
    return question({ kind: "runState", path: runStatePath(deviceRunState.script, deviceRunState.runState) });
  if (id !== undefined) return question({ kind: "id", id });
  if (serialNumber !== undefined) return question({ kind: "search", wanted: { property: "serialNumber", value: serialNumber } });
  if (deviceName === undefined || deviceName === "") return null;
  return question({ kind: "search", wanted: { property: "deviceName", value: deviceName } });
}

async function candidates(reads: DeviceReads, endpoint: GraphEndpoint, questions: readonly Question[]): Promise<readonly Candidates[]> {
  const ids = await idsOf(reads, questions);
  const paths = [...new Set(ids.filter((id) => typeof id === "string").map(ownPath))];
  const results = await reads.devicesAt(paths);
  const read = new Map(paths.map((path, place) => [path, results[place] ?? null]));
  const search = await searchFor(reads, endpoint, questions);
  return questions.map(({ selector, lookup }, index) => {
    if (lookup.kind === "search") return fitting(selector, search(lookup.wanted));
    const id = ids[index] ?? null;
    return fitting(selector, typeof id === "string" ? oneOrNone(read.get(ownPath(id)) ?? null, selector) : (id ?? []));
  });
}

function fitting(selector: DeviceSelector, found: Candidates): Candidates {
  if (found instanceof GraphReadError) return found;
  return withoutDuplicates(found.filter((entry) => matchesSelector(selector, entry)));
}

/** The tenant's own address of a device: nowhere else are its facts believed. */
function ownPath(id: string): string {
  return devicePath({ id, path: { kind: "managedDevices" } });
}

/**
 * The id that each question is about, as the selector or the run of a script says; null for a
 * search, and where there is none.
 */
async function idsOf(reads: DeviceReads, questions: readonly Question[]): Promise<readonly IdResult[]> {
  const paths = questions.flatMap(({ lookup }) => (lookup.kind === "runState" ? [lookup.path] : []));
  const results = await reads.idsAt(paths);
  const ids = new Map(paths.map((path, place) => [path, results[place] ?? null]));
  return questions.map(({ lookup }) => {
    if (lookup.kind === "id") return lookup.id;
    return lookup.kind === "runState" ? (ids.get(lookup.path) ?? null) : null;
  });
}

/**
 * The form of a device's id. Graph answers 400 for any other text: there is no such device, then.
 */
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function oneOrNone(result: ReadResult, { id }: DeviceSelector): Candidates {
  if (result === null) return [];
  if (!(result instanceof GraphReadError)) return [result];
  return result.status === 400 && id !== undefined && !GUID.test(id) ? [] : result;
}

async function searchFor(
  reads: DeviceReads,
  endpoint: GraphEndpoint,
  questions: readonly Question[],
): Promise<(wanted: Wanted) => Candidates> {
  const wanted = questions.flatMap(({ lookup }) => (lookup.kind === "search" ? [lookup.wanted] : []));
  const distinct = [...new Map(wanted.map((one) => [wantedKey(one), one])).values()];
  if (distinct.length === 0) return () => [];
  const found = await findDevices(reads, endpoint, distinct);
  const index = indexEntries(found.entries);
  return (one) => {
    if (found.failure?.wanted.has(wantedKey(one)) === true) return found.failure.error;
    // It may be the one, or a second one: nobody can tell.
    return found.odd.find((device) => hasName(one, device))?.error ?? index(one);
  };
}

function indexEntries(entries: readonly DirectoryEntry[]): (wanted: Wanted) => readonly DirectoryEntry[] {
  const places = new Map<string, DirectoryEntry[]>();
  const add = (property: Wanted["property"], entry: DirectoryEntry) => {
    const value = entry.device[property];
    if (value === null) return;
    const key = wantedKey({ property, value });
    const there = places.get(key);
    if (there === undefined) places.set(key, [entry]);
    else there.push(entry);
  };
  for (const entry of entries) {
    add("serialNumber", entry);
    add("deviceName", entry);
  }
  return (wanted) => places.get(wantedKey(wanted)) ?? [];
}

function withoutDuplicates(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  return [...new Map(entries.map((entry) => [entry.device.id.toLowerCase(), entry])).values()];
}

/**
 * Leaves out devices that are not where the selector's path leads, such as one without the detected
 * app.
 */
async function confirmPaths(
  reads: DeviceReads,
  endpoint: GraphEndpoint,
  questions: readonly Question[],
  found: readonly Candidates[],
): Promise<readonly Resolved[]> {
  const references = questions.flatMap((question, index) => toConfirm(question, found[index] ?? []));
  const results = await areMembers(reads, endpoint, references);
  const confirmed = new Map(references.map((reference, place) => [devicePath(reference), results[place] ?? false]));
  return questions.map((question, index) => {
    const entries = found[index] ?? [];
    if (entries instanceof GraphReadError) return entries;
    const devices = entries.map(({ device }) => device);
    const answers = toConfirm(question, entries).map((reference) => confirmed.get(devicePath(reference)) ?? false);
    const failure = answers.find((answer) => answer instanceof GraphReadError);
    return failure ?? devices.filter((_, place) => answers[place] !== false);
  });
}

/** A user is told by the device itself, and the run of a script led to it. */
function toConfirm({ path }: Question, found: Candidates): readonly DeviceReference[] {
  const isToldElsewhere = path.kind === "managedDevices" || path.kind === "user" || path.kind === "deviceRunState";
  if (isToldElsewhere || found instanceof GraphReadError) return [];
  return found.map(({ device }) => ({ id: device.id, path }));
}
