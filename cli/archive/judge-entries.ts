import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { isRepeated, type LifecycleRequest, requestKey } from "../../providers/domain/request.ts";
import { mayTakeEffect } from "../../providers/engine/decide/step-state.ts";
import { historyOf, isEnded, isUnsettled } from "../../providers/engine/history.ts";
import { editionOf } from "../../providers/pulumi/edition.ts";
import { type KnownRequest, knownRequests } from "../support/known-requests.ts";
import type { Entry } from "./entry.ts";

/** Why an entry stays, in the order in which members are looked at; the words follow a count. */
export const STAYS = {
  unfinished: "not finished",
  open: "ended, while something that was sent may still come to an end",
  drift: "done anew when the device drifts (onDrift: repeat)",
  recent: "finished later than that",
  named: "named by `repeats` of one that stays",
  place: "cannot be taken out of its file alone",
} as const;

/** A key of `STAYS`. */
export type Stay = keyof typeof STAYS;

/** `endedAt`: when the last of its members ended, in milliseconds. */
export type JudgedEntry =
  | { readonly kind: "goes"; readonly entry: Entry; readonly endedAt: number }
  | { readonly kind: "stays"; readonly entry: Entry; readonly stay: Stay };

/**
 * Which entries nothing will go on with, by the ledger alone: pure. `before` is an instant in
 * milliseconds; what ended at it or later stays.
 */
export function judgeEntries(entries: readonly Entry[], records: readonly LedgerRecord[], before: number): readonly JudgedEntry[] {
  const known = Map.groupBy(knownRequests(records), ({ name }) => name);
  return keepNamed(entries.map((entry) => judgeEntry(entry, known, before)));
}

type Known = ReadonlyMap<string, readonly KnownRequest[]>;

function judgeEntry(entry: Entry, known: Known, before: number): JudgedEntry {
  const judged = entry.members.map((member) => judgeMember(member, known.get(member.name) ?? [], before));
  const stays = new Set(judged.filter((one) => typeof one === "string"));
  const stay = WORST_FIRST.find((one) => stays.has(one));
  if (stay !== undefined) return { kind: "stays", entry, stay };
  return { kind: "goes", entry, endedAt: Math.max(...judged.map(Number)) };
}

const WORST_FIRST = Object.keys(STAYS) as readonly Stay[];

/** Every generation counts: one in doubt keeps the newer ones, which name its device. */
function judgeMember(request: LifecycleRequest, generations: readonly KnownRequest[], before: number): Stay | number {
  const own = historyOf(generations.find(({ key }) => key === requestKey(request))?.records ?? []);
  const { standing } = own;
  if (standing === null || !isEnded(own, editionOf(request))) return "unfinished";
  const histories = generations.map(({ records }) => historyOf(records));
  if (histories.some((history) => isUnsettled(history) || [...history.steps.values()].some(mayTakeEffect))) return "open";
  if (request.onDrift === "repeat") return "drift";
  // A time that cannot be read is not long ago.
  const endedAt = Date.parse(standing.at);
  return endedAt < before ? endedAt : "recent";
}

/** What stays may name an entry, which then stays for it, and so on. */
export function keepNamed(judged: readonly JudgedEntry[]): readonly JudgedEntry[] {
  const staying = judged.filter(({ kind }) => kind === "stays").flatMap(({ entry }) => entry.members);
  const kept = judged.map((one) => (one.kind === "goes" && isNamed(one.entry, staying) ? stayNamed(one) : one));
  return kept.every((one, index) => one.kind === judged[index]?.kind) ? kept : keepNamed(kept);
}

function stayNamed({ entry }: JudgedEntry): JudgedEntry {
  return { kind: "stays", entry, stay: "named" };
}

function isNamed({ name, members }: Entry, staying: readonly LifecycleRequest[]): boolean {
  return staying.some(({ repeats }) => repeats === name || members.some((member) => isRepeated(repeats, member.name)));
}
