import { createColors } from "picocolors";
import { assertNever } from "../../providers/domain/assert-never.ts";
import { printable } from "../../providers/domain/diagnostic.ts";
import { STANDING_WORDS, STANDINGS } from "../../providers/engine/standing.ts";
import { count, listed } from "../../providers/support/words.ts";
import { driftRows } from "../support/drift-rows.ts";
import { wrapText } from "../support/table.ts";
import { devicePage } from "./device-page.ts";
import type { Look } from "./look.ts";
import { isRed, type RunView, type Standing } from "./run-view.ts";
import type { Stage } from "./stage.ts";

const MOST_BLOCKS = 10;
const MOST_NAMES = 3;

/**
 * The last block of `up`: `36 requests: 34 done, 1 failed, 1 expired`, and of each that is not
 * done what is true now, where to look, and what to type. Those of which the same is true are told
 * together.
 */
export function renderEnd(view: RunView, place: Pick<Stage, "cloud" | "write">, look: Look): readonly string[] {
  const undone = view.standings.filter(({ outcome }) => outcome !== "succeeded").toSorted((a, b) => urgencyOf(a) - urgencyOf(b));
  const alike = [...Map.groupBy(undone, whatIsTrue).values()];
  const left = alike.slice(MOST_BLOCKS).flat();
  return [
    createColors(look.color).bold(renderCounts(view)),
    ...alike.slice(0, MOST_BLOCKS).flatMap((members) => ["", ...renderAlike(members, place, look)]),
    ...(left.length === 0 ? [] : ["", printable(`and ${left.length} more: ${place.write("status", ...whichOf(left))}`)]),
    ...renderDrift(view, place),
  ];
}

/** That a right is missing each time is told by `dlr drift` alone. */
function renderDrift({ standings }: RunView, { write }: Pick<Stage, "write">): readonly string[] {
  const rows = driftRows(standings.flatMap(({ drift }) => drift).filter(({ finding }) => finding !== "SecretNotLookedAt"));
  const left = rows.length - MOST_BLOCKS;
  const rest = left <= 0 ? [] : [printable(`and ${left} more: ${write("status", "--drifted")}`)];
  return rows.length === 0 ? [] : ["", ...rows.slice(0, MOST_BLOCKS), ...rest];
}

/** What waits goes on by itself: there the devices in the messages do not matter. */
function whatIsTrue(standing: Standing): string {
  return JSON.stringify([standing.outcome, isRed(standing) ? standing.message : standing.reason]);
}

function whichOf(left: readonly Standing[]): readonly string[] {
  return [...(left.some(isRed) ? ["--failed"] : []), ...(left.every(isRed) ? [] : ["--waiting"])];
}

function urgencyOf({ outcome }: Standing): number {
  return STANDINGS.indexOf(outcome);
}

function renderCounts({ outcomes, standings, broken }: RunView): string {
  const all = new Map<string, string>(Object.entries(outcomes));
  for (const { name, outcome } of standings) all.set(name, outcome);
  for (const name of broken) all.set(name, BROKEN);
  const parts = [...STANDINGS.toReversed(), BROKEN].flatMap((standing) => {
    const number = [...all.values()].filter((one) => one === standing).length;
    return number === 0 ? [] : [`${number} ${standing === BROKEN ? "broke off" : wordOf(standing)}`];
  });
  return `${count(all.size, "request")}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`;
}

/** No outcome: a store or the program failed, and the errors say how. */
const BROKEN = "broken";

function wordOf(standing: string): string {
  return Object.entries(STANDING_WORDS).find(([name]) => name === standing)?.[1] ?? standing;
}

function renderAlike(members: readonly Standing[], { cloud, write }: Pick<Stage, "cloud" | "write">, look: Look): readonly string[] {
  const [first] = members;
  if (first === undefined) return [];
  const colors = createColors(look.color);
  const who = members.length === 1 ? `${first.name}  ${first.device}` : `${count(members.length, "request")}: ${namesOf(members)}`;
  const [head = "", ...rest] = wrapText(`${STANDING_WORDS[first.outcome]}  ${who}`, look.width, "  ");
  const isSingle = members.length === 1 && cloud !== null && first.deviceId !== null;
  return [
    (isRed(first) ? colors.red : colors.yellow)(head),
    ...rest,
    ...wrapText(first.message, look.width, "         ", "  now    "),
    ...(isSingle ? [printable(`  look   ${devicePage(cloud, first.deviceId ?? "")}`)] : []),
    ...nextOf(first, members, write).map((line, index) => printable(`${index === 0 ? "  next   " : "         "}${line}`)),
  ];
}

function namesOf(members: readonly Standing[]): string {
  const left = members.length - MOST_NAMES;
  return listed([...members.slice(0, MOST_NAMES).map(({ name }) => name), ...(left <= 0 ? [] : [`${left} more`])], "and");
}

/** Commands stand on lines of their own, however long they are: they are to be copied. */
function nextOf({ name, outcome, source }: Standing, members: readonly Standing[], write: Stage["write"]): readonly string[] {
  const up = write("up");
  const where = members.length > 1 ? "their files" : (source ?? "its file");
  switch (outcome) {
    case "succeeded":
    case "pending":
      return [up];
    case "awaitingApproval":
      return ["once it is approved:", up];
    case "awaitingSignIn":
      return ["after the sign-in:", up];
    case "ambiguous":
      return members.map((member) => write("settle", member.name)).slice(0, MOST_NAMES);
    case "expired":
      return [`with a later \`expires\` in ${where}:`, up];
    case "failed":
      return [`what was done: ${write("ledger show", name)}`, `once ${where} is edited: ${up}`];
    default:
      return assertNever(outcome);
  }
}
