import { describeWorld } from "../../providers/domain/world.ts";
import { count } from "../../providers/support/words.ts";
import type { Review } from "../review.ts";
import { code } from "./escape.ts";
import { renderMarker } from "./markers.ts";
import { expandedTable, foldedTable, refusalTable, type Table } from "./rows.ts";
import { budget, loses, verdict } from "./tally.ts";

/** Where the comment stands and how long it may get; rows are cut first where it is too long. */
export interface Rendering {
  /** The commit that the comment is about. */
  readonly head: string | null;
  /** The commit that the pull request has moved on to, where it has. */
  readonly movedTo: string | null;
  /** SHA-256 of the review's file. */
  readonly sha256: string;
  /** Where the whole is, for a comment that has a part of it. */
  readonly whole: string;
  readonly mostRows: number;
  /** UTF-8. */
  readonly mostBytes: number;
}

/** Rows of a comment: more is no reading for anybody. */
export const COMMENT_ROWS = 50;

/** What the services take, in bytes; where they count characters, bytes are never fewer. */
export const MOST_BYTES = {
  /** Its API answers more with "body is too long (maximum is 65536 characters)". */
  github: 65_536,
  /** Characters of a comment in a thread of a pull request. */
  azure: 150_000,
  /** https://docs.gitlab.com/administration/instance_limits/ */
  gitlab: 1_000_000,
  /**
   * A step summary of GitHub Actions:
   * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
   */
  summary: 1024 * 1024,
} as const;

/** A comment that is full must still take the line that marks it as outdated. */
export const ROOM_FOR_MARK = 512;

/**
 * The review as Markdown for people: the verdict first, what loses data next, everything else
 * folded. It always fits: rows go until it does.
 */
export function renderComment(review: Review, rendering: Rendering): string {
  let rows = Math.min(rendering.mostRows, review.requests.length + review.refusals.length);
  for (;;) {
    const text = render(review, rendering, rows);
    if (rows === 0 || Buffer.byteLength(text) <= rendering.mostBytes) return text;
    rows = Math.floor(rows * 0.8);
  }
}

function render(review: Review, rendering: Rendering, mostRows: number): string {
  const losing = review.requests.filter(loses);
  const others = review.requests.filter((request) => !loses(request));
  const budgeted = takeRows(mostRows, refusalTable(review.refusals), expandedTable(losing), foldedTable(others));
  const [refusals = [], expanded = [], folded = []] = budgeted.map((table) => renderTable(table, rendering.whole));
  const isEmpty = review.requests.length + review.refusals.length === 0;
  const blocks = [
    [renderMarker({ stack: review.stack, head: rendering.head }), ...outdated(rendering), headline(review)],
    ...(isEmpty ? [] : [warningsOf(review), refusals, expanded, fold(others.length, losing.length > 0, folded), guardsOf(review)]),
    [footer(review, rendering)],
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

function outdated({ head, movedTo }: Rendering): readonly string[] {
  if (movedTo === null) return [];
  return [
    `**Outdated:** this is the preview of ${code(head ?? "an unknown commit")}, and the pull request has moved on to ${code(movedTo)}.`,
    "",
  ];
}

function headline(review: Review): string {
  const left = budget(review);
  const said = verdict(review);
  return `**${code(review.stack)}: ${said}.**${left === null || review.requests.length === 0 ? "" : ` ${left}.`}`;
}

const MOST_WARNINGS = 10;

/** One line for each text, however many requests it is said of. */
function warningsOf({ warnings, requests, guards }: Review): readonly string[] {
  const ofRequests = requests.flatMap((request) => [...request.warnings, ...(request.lacking === null ? [] : [request.lacking])]);
  const counts = new Map<string, number>();
  for (const text of ofRequests) counts.set(text, (counts.get(text) ?? 0) + 1);
  const said = [
    ...(guards?.hold ? [guards.hold] : []),
    ...warnings.filter((text) => text !== guards?.hold),
    ...[...counts].map(([text, times]) => `${text} (${count(times, "request")})`),
  ];
  const more = said.length > MOST_WARNINGS ? [`- and ${said.length - MOST_WARNINGS} more`] : [];
  return [...said.slice(0, MOST_WARNINGS).map((text) => `- Warning: ${code(text, 400)}`), ...more];
}

interface Budgeted extends Table {
  readonly left: number;
}

/** The first tables get the rows first. */
function takeRows(most: number, ...tables: readonly Table[]): readonly Budgeted[] {
  let free = most;
  return tables.map(({ head, rows }) => {
    const shown = rows.slice(0, free);
    free -= shown.length;
    return { head, rows: shown, left: rows.length - shown.length };
  });
}

function renderTable({ head, rows, left }: Budgeted, whole: string): readonly string[] {
  const more = left === 0 ? [] : ["", `and ${left} more: ${whole}`];
  return rows.length === 0 ? more.slice(1) : [...head, ...rows, ...more];
}

function fold(others: number, hasExpanded: boolean, content: readonly string[]): readonly string[] {
  if (others === 0) return [];
  const which = hasExpanded ? `${others} other ${others === 1 ? "request" : "requests"}` : count(others, "request");
  return ["<details>", `<summary>${which}</summary>`, "", ...content, "", "</details>"];
}

const MOST_NAMES = 10;

function guardsOf({ guards }: Review): readonly string[] {
  if (guards === null) return [];
  const { maxDestructive, maxDisruptive, requireReview, followOnly, shard } = guards;
  const names = guards.protected.slice(0, MOST_NAMES).map((name) => code(name, 60));
  const more = guards.protected.length - names.length;
  const said = [
    `\`maxDestructive\` ${maxDestructive.limit} (${maxDestructive.used} used in 24 hours)`,
    `\`maxDisruptive\` ${maxDisruptive.limit} (${maxDisruptive.used} used)`,
    `\`protected\` ${names.length === 0 ? "nobody" : names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
    `\`requireReview\` ${requireReview}`,
    ...(followOnly ? ["`followOnly`"] : []),
    ...(shard === "1/1" ? [] : [`\`shard\` ${code(shard)}`]),
  ];
  return [`Guards in force: ${said.join(", ")}.`];
}

function footer({ commit, at, graph, tenant }: Review, { head, sha256 }: Rendering): string {
  const where = graph === null ? "" : `, ${code(describeWorld({ graph, tenant }))}`;
  return `Preview of ${code(head ?? commit ?? "files outside of git")} at ${code(at)}${where}. Review ${code(sha256.slice(0, 16))}: \`up --reviewed\` does what stands in it, and holds what differs.`;
}
