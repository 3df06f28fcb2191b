import { createColors } from "picocolors";
import { printable } from "../../providers/domain/diagnostic.ts";
import { count } from "../../providers/support/words.ts";
import type { Review, ReviewedRequest } from "../../review/review.ts";
import { renderTable, wrapText } from "../support/table.ts";
import { foldRows, type Row } from "./fold-rows.ts";
import type { Look } from "./look.ts";
import { odditiesOf } from "./oddities.ts";
import { groupByPlan, type PlanGroup } from "./plan-groups.ts";
import { renderTotals } from "./totals.ts";

/** The plan's label, by key of the request. */
type Labels = ReadonlyMap<string, string>;

const MOST_ODD = 12;
const MOST_ROWS = 28;
const MOST_PLANS = 8;
const MOST_WARNINGS = 5;
const MOST_CAUTIONS = 4;

/**
 * A preview as lines for people: totals, then what one should look at first, then each plan once
 * and a row a request in the order of the files. Never more than 80 lines of rows, however many
 * requests there are. `writtenBack`: requests that have ended, and that state has lost.
 */
export function renderPreview(review: Review, writtenBack: number, look: Look): readonly string[] {
  const requests = inOrderOfFiles(review.requests);
  const totals = wrapText(`${review.stack}: ${renderTotals(review)}`, look.width, "  ").map(createColors(look.color).bold);
  const groups = groupByPlan(requests);
  const labels = new Map(groups.flatMap(({ label, requests: own }) => own.map(({ key }) => [key, label] as const)));
  const tables =
    requests.length === 0 || review.refusals.length > 0
      ? []
      : [
          oddOf(requests, Date.parse(review.at), labels, look),
          plansOf(groups, look),
          cautionsOf(requests, look),
          rowsOf(requests, labels, look),
        ];
  const blocks = [warningsOf(review, look), ...tables, writtenBackOf(writtenBack, look)];
  return [...totals, ...blocks.flatMap((block) => (block.length === 0 ? [] : ["", ...block]))];
}

function inOrderOfFiles(requests: readonly ReviewedRequest[]): readonly ReviewedRequest[] {
  return requests.toSorted(({ source: a }, { source: b }) => {
    if (a.file !== b.file) return a.file < b.file ? -1 : 1;
    return a.line - b.line;
  });
}

/** Of the whole run: what holds it back first. */
function warningsOf({ warnings, guards }: Review, look: Look): readonly string[] {
  const said = [...new Set([...(guards?.hold ? [guards.hold] : []), ...warnings])];
  const shown = said.slice(0, MOST_WARNINGS).flatMap((text) => wrapText(`warning: ${text}`, look.width, "  "));
  return [...shown.map(createColors(look.color).yellow), ...more(said.length - MOST_WARNINGS, "warning", look)];
}

/** What is odd in a way that few are comes first: where all are, nobody looks at any. */
function oddOf(requests: readonly ReviewedRequest[], now: number, labels: Labels, look: Look): readonly string[] {
  const odd = requests.map((request) => ({ request, signs: odditiesOf(request, now) })).filter(({ signs }) => signs.length > 0);
  if (odd.length === 0) return [];
  const kinds = Map.groupBy(odd, ({ signs }) => signs.map(({ kind }) => kind).join("; "));
  const rarestFirst = [...kinds.values()].toSorted((a, b) => a.length - b.length).flat();
  const rows = rarestFirst.slice(0, MOST_ODD).map(({ request, signs }) => {
    const text = signs.map((sign) => sign.text).join("; ");
    return ["!", labels.get(request.key) ?? "", request.name, deviceOf(request), text];
  });
  const head = createColors(look.color).yellow(`LOOK FIRST AT ${odd.length} OF ${requests.length}`);
  return [head, ...renderTable(rows, look.width), ...more(odd.length - MOST_ODD, "request", look)];
}

function plansOf(groups: readonly PlanGroup[], look: Look): readonly string[] {
  const lines = groups
    .slice(0, MOST_PLANS)
    .flatMap(({ label, does, steps, requests }) => [
      ...wrapText(`${requests.length} × ${does}`, look.width, "   ", `${label.padEnd(2)} `).slice(0, 3),
      ...wrapText(`steps: ${steps}`, look.width, "          ", "   ").slice(0, 2),
    ]);
  return [...lines, ...more(groups.length - MOST_PLANS, "plan", look)];
}

/** What is said of single requests: each kind of warning once, with the numbers of its first. */
function cautionsOf(requests: readonly ReviewedRequest[], look: Look): readonly string[] {
  const said = requests.flatMap((request) => request.warnings.map((text) => ({ key: request.key, text })));
  const kinds = [...Map.groupBy(said, ({ text }) => text.replaceAll(/\d+/g, "#")).values()];
  const shown = kinds.slice(0, MOST_CAUTIONS).flatMap((alike) => {
    const of = count(new Set(alike.map(({ key }) => key)).size, "request");
    return wrapText(`warning for ${of}: ${alike[0]?.text ?? ""}`, look.width, "  ").slice(0, 3);
  });
  return [...shown.map(createColors(look.color).yellow), ...more(kinds.length - MOST_CAUTIONS, "warning", look)];
}

function rowsOf(requests: readonly ReviewedRequest[], labels: Labels, look: Look): readonly string[] {
  const all = requests.map((request) => rowOf(request, labels.get(request.key) ?? ""));
  const { rows, left } = foldRows(all, MOST_ROWS);
  const cells = rows.map(({ label, request, device, serial, user, seen }) => [label, request, device, serial, user, seen]);
  const [head = "", ...lines] = renderTable([["", "request", "device", "serial number", "user", "last seen"], ...cells], look.width);
  return [createColors(look.color).dim(head), ...lines, ...more(left, "request", look)];
}

function rowOf({ name, facts, device }: ReviewedRequest, label: string): Row {
  return {
    label,
    request: name,
    device: facts === null ? "not shown by Graph" : (facts.deviceName ?? "no name"),
    serial: device.serialNumber ?? device.id,
    user: facts?.userPrincipalName ?? "-",
    seen: facts?.lastSyncDateTime?.slice(0, 10) ?? "-",
  };
}

function deviceOf({ facts, device }: ReviewedRequest): string {
  return [facts?.deviceName, device.serialNumber ?? device.id].filter((text) => typeof text === "string").join(" ");
}

function writtenBackOf(number: number, look: Look): readonly string[] {
  const text = `${count(number, "finished request")} that the stack's state does not know: up only writes them back`;
  return number === 0 ? [] : wrapText(text, look.width, "  ");
}

function more(number: number, noun: string, { details }: Look): readonly string[] {
  return number <= 0 ? [] : [printable(`   and ${count(number, `more ${noun}`)}: ${details}`)];
}
