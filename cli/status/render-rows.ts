import { listName } from "../../providers/domain/request.ts";
import { STANDING_WORDS, STANDINGS } from "../../providers/engine/standing.ts";
import { minutes } from "../support/minutes.ts";
import { renderTable } from "../support/table.ts";
import type { Drift } from "./read-drifts.ts";
import type { StatusRow } from "./row.ts";

const HEAD = ["REQUEST", "STANDS", "SINCE", "DEVICE", "TICKET", "WHY"];

/** One line a request; `isFolded`: the devices of a list are one line together, with counts. */
export function renderRows(rows: readonly StatusRow[], isFolded: boolean, width: number): readonly string[] {
  const groups = [...Map.groupBy(rows, ({ name }) => (isFolded ? listName(name) : name)).values()];
  return renderTable([HEAD, ...groups.map(cellsOf)], width);
}

function cellsOf(rows: readonly StatusRow[]): readonly string[] {
  const [first, ...others] = rows;
  if (first === undefined) return [];
  if (others.length > 0) return foldedCells(first, rows);
  const { name, generation, standing, since, serialNumber, deviceName, ticket, message, drift } = first;
  const title = generation === 1 ? name : `${name}#${generation}`;
  return [
    title,
    STANDING_WORDS[standing],
    minutes(since),
    serialNumber ?? deviceName ?? "-",
    ticket ?? "-",
    standing === "succeeded" ? driftText(drift) : message,
  ];
}

function foldedCells(first: StatusRow, rows: readonly StatusRow[]): readonly string[] {
  const counts = STANDINGS.flatMap((standing) => {
    const count = rows.filter((row) => row.standing === standing).length;
    return count === 0 ? [] : [`${count} ${STANDING_WORDS[standing]}`];
  });
  const newest =
    rows
      .map(({ since }) => since)
      .sort()
      .at(-1) ?? "";
  const tickets = new Set(rows.map(({ ticket }) => ticket));
  return [
    listName(first.name),
    worstOf(rows),
    minutes(newest),
    `${rows.length} devices`,
    tickets.size === 1 ? (first.ticket ?? "-") : "-",
    [...counts, ...driftCounts(rows)].join(", "),
  ];
}

function driftText(drift: Drift | null): string {
  if (drift === null) return "";
  return `${drift.status === "drifted" ? "drifted" : "drift unknown"} since ${minutes(drift.since)}: ${drift.message}`;
}

function driftCounts(rows: readonly StatusRow[]): readonly string[] {
  const drifted = rows.filter(({ drift }) => drift?.status === "drifted").length;
  return drifted === 0 ? [] : [`${drifted} drifted since`];
}

function worstOf(rows: readonly StatusRow[]): string {
  const worst = STANDINGS.find((standing) => rows.some((row) => row.standing === standing));
  return worst === undefined ? "" : STANDING_WORDS[worst];
}
