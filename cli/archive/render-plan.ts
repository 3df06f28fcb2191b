import { count } from "../../providers/support/words.ts";
import { renderTable } from "../support/table.ts";
import type { JudgedEntry } from "./judge-entries.ts";
import { STAYS, type Stay } from "./judge-entries.ts";
import type { ArchivePlan } from "./plan-archive.ts";

const MOST_ROWS = 30;

/** What goes and stays: totals, then a row for each entry that goes. `before`: milliseconds. */
export function renderPlan({ judged }: Pick<ArchivePlan, "judged">, before: number, width: number): readonly string[] {
  const going = judged.flatMap((one) => (one.kind === "goes" ? [one] : [])).toSorted((a, b) => a.endedAt - b.endedAt);
  const stays = judged.flatMap((one) => (one.kind === "stays" ? [one] : []));
  return [
    `${count(requestsIn(going), "request")} of ${requestsIn(judged)} finished before ${dayOf(before)} and can be archived`,
    ...staysOf(stays),
    ...(going.length === 0 ? [] : ["", ...rowsOf(going, width)]),
    ...stuckFiles(stays),
  ];
}

/** In requests, as every other command counts: a list of 30 devices is 30. */
function requestsIn(entries: readonly JudgedEntry[]): number {
  return entries.reduce((sum, { entry }) => sum + entry.members.length, 0);
}

function staysOf(stays: readonly Extract<JudgedEntry, { kind: "stays" }>[]): readonly string[] {
  const byStay = Map.groupBy(stays, ({ stay }) => stay);
  const kinds = Object.keys(STAYS) as readonly Stay[];
  return kinds.flatMap((stay) => {
    const entries = byStay.get(stay);
    if (entries === undefined) return [];
    const number = requestsIn(entries);
    return [`  ${count(number, "request")} ${number === 1 ? "stays" : "stay"}: ${STAYS[stay]}`];
  });
}

function rowsOf(going: readonly Extract<JudgedEntry, { kind: "goes" }>[], width: number): readonly string[] {
  const cells = going
    .slice(0, MOST_ROWS)
    .map(({ entry, endedAt }) => [entry.name, String(entry.members.length), dayOf(endedAt), entry.file]);
  const rows = renderTable([["REQUEST", "DEVICES", "FINISHED", "FILE"], ...cells], width);
  return going.length > MOST_ROWS ? [...rows, `and ${going.length - MOST_ROWS} more`] : rows;
}

function stuckFiles(stays: readonly Extract<JudgedEntry, { kind: "stays" }>[]): readonly string[] {
  const files = new Set(stays.flatMap(({ stay, entry }) => (stay === "place" ? [entry.file] : [])));
  if (files.size === 0) return [];
  const why = "their entries stand between brackets, or the archive has such an entry or another list of that name already";
  return ["", `left as they are, for ${why}:`, ...[...files].map((file) => `  ${file}`)];
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
