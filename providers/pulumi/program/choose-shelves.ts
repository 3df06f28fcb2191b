import { createHash } from "node:crypto";
import { DRIFTS, type DriftFinding } from "../../domain/drift.ts";
import { requestKey } from "../../domain/request.ts";
import { count, listed } from "../../support/words.ts";
import type { OwnRequest } from "./own-state.ts";
import type { ResolvedRequest } from "./resolved-request.ts";

/** Resources do not get larger than so many requests make them. */
const MOST = 4_000;

/** A resource for many requests that finished long ago. */
export interface Shelf {
  /** By the month in which they ended: `finished-2026-11`, or `finished-2026-11-2of4`. */
  readonly name: string;
  readonly members: readonly ShelvedRequest[];
}

/** A request on a shelf, or on its way there. */
export interface ShelvedRequest {
  readonly entry: ResolvedRequest;
  readonly state: OwnRequest;
}

/** Which requests are no resources of their own in this run, and which are so again. */
export interface Shelving {
  readonly shelves: readonly Shelf[];
  /** Of those that come off, what refreshes found while they were on a shelf, by name. */
  readonly leaving: ReadonlyMap<string, readonly DriftFinding[]>;
}

/**
 * A request goes onto a shelf when nothing is left to do or to look into: it has succeeded at least
 * `shelveMs` ago by the ledger, the state knows it, no refresh found it drifted or could not tell,
 * and drift would not make it do its steps anew. Pure: the same for a preview and for `up`.
 */
export function chooseShelves(
  entries: readonly ResolvedRequest[],
  requests: readonly OwnRequest[],
  { shelveMs, now }: { readonly shelveMs: number | undefined; readonly now: number },
): Shelving {
  const known = new Map(requests.map((one) => [one.key, one]));
  const stateOf = (entry: ResolvedRequest) => known.get(requestKey(entry.request));
  const shelved = entries.flatMap((entry) => {
    const state = stateOf(entry);
    return state !== undefined && shelveMs !== undefined && isFinished(entry, state, now - shelveMs) ? [{ entry, state }] : [];
  });
  const stays = new Set(shelved.map(({ entry }) => entry));
  const leaving = entries.flatMap((entry) => {
    const state = stateOf(entry);
    return stays.has(entry) || state === undefined || state.shelf === null ? [] : [[entry.request.name, state.findings] as const];
  });
  return { shelves: shelvesOf(shelved), leaving: new Map(leaving) };
}

function isFinished({ request, history, isEnded }: ResolvedRequest, { isSucceeded, findings }: OwnRequest, before: number): boolean {
  const { standing, begun, why } = history;
  // A ledger of format 1 does not say why, and the resource of its own does.
  if (!isEnded || standing?.outcome !== "succeeded" || begun === null || why === null || !isSucceeded) return false;
  if (request.onDrift === "repeat" || !(Date.parse(standing.at) <= before)) return false;
  return findings.every(({ kind, state }) => state === "resolved" || DRIFTS[kind].weight === "notice");
}

function shelvesOf(shelved: readonly ShelvedRequest[]): readonly Shelf[] {
  const months = Map.groupBy(shelved, ({ entry }) => entry.history.standing?.at.slice(0, 7) ?? "");
  return [...months].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([month, members]) => divided(`finished-${month}`, members));
}

/**
 * By name, so that one that leaves moves none of the others; twice as many parts when they get too
 * large.
 */
function divided(name: string, members: readonly ShelvedRequest[]): readonly Shelf[] {
  let parts = 1;
  while (members.length > parts * MOST) parts *= 2;
  if (parts === 1) return [{ name, members }];
  const byPart = Map.groupBy(members, ({ entry }) => partOf(entry.request.name, parts));
  return [...byPart].toSorted(([a], [b]) => a - b).map(([part, own]) => ({ name: `${name}-${part + 1}of${parts}`, members: own }));
}

/** Other bytes than those that choose the shard: one shard's names would all fall into one part. */
function partOf(name: string, parts: number): number {
  return createHash("sha256").update(name).digest().readUInt32BE(4) % parts;
}

const SHOWN = 3;

/** What a preview says of it: Pulumi shows shelves, and `delete` for each resource that goes. */
export function shelvingTexts({ shelves, leaving }: Shelving): readonly string[] {
  const filled = shelves.map(({ name, members }) => ({ name, comers: members.filter(({ state }) => state.shelf !== name).length }));
  return [...comingText(filled.filter(({ comers }) => comers > 0)), ...leavingText(leaving.size)];
}

function comingText(filled: readonly { readonly name: string; readonly comers: number }[]): readonly string[] {
  if (filled.length === 0) return [];
  const number = filled.reduce((sum, { comers }) => sum + comers, 0);
  const names = filled.map(({ name }) => name);
  const shown = names.length > SHOWN + 1 ? [...names.slice(0, SHOWN), `${names.length - SHOWN} more`] : names;
  const where = `${names.length === 1 ? "shelf" : "shelves"} ${listed(shown, "and")}`;
  return [
    `${count(number, "finished request")} ${number === 1 ? "moves" : "move"} to the ${where}: "delete" only takes away resources of their own, and nothing is done to their devices`,
  ];
}

function leavingText(number: number): readonly string[] {
  if (number === 0) return [];
  const come = number === 1 ? "comes off its shelf, as a resource of its own" : "come off their shelves, as resources of their own";
  return [`${count(number, "finished request")} ${come}: "create" only writes down what is known, and nothing is sent`];
}
