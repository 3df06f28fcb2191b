import { RULES, RUN_GUARDS, SELECTION_RULES, STAND_INS } from "../../providers/rules/all-rules.ts";
import type { Moment, RuleText, RunGuard } from "../../providers/rules/rule.ts";

const BEGIN = "<!-- The table is written by dlr validate --write-schemas, from providers/rules. -->";
const END = "<!-- End of the table. -->";

/**
 * docs/configuration.md with its table of guards as the rules give it. Throws where the page has no
 * place for it.
 */
export function withGuardsTable(page: string): string {
  const [start, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (start === -1 || end < start) throw new TypeError(`the page has no lines ${BEGIN} and ${END}`);
  return `${page.slice(0, start)}${BEGIN}\n${renderTable()}\n${page.slice(end)}`;
}

function renderTable(): string {
  const rows = [...SELECTION_RULES, ...RULES, ...STAND_INS].map(renderRule);
  return ["| guard | when | what it does | how to get on |", "|---|---|---|---|", ...RUN_GUARDS.map(renderGuard), ...rows].join("\n");
}

function renderGuard({ id, when, effect, goOn, realGraphOnly }: RunGuard): string {
  return row(nameOf(id, realGraphOnly), when, effect, goOn);
}

function renderRule(rule: RuleText): string {
  const { id, when, goOn, realGraphOnly, source } = rule;
  return row(nameOf(id, realGraphOnly), source === undefined ? when : `${when} ([source](${source}))`, effectOf(rule), goOn);
}

function nameOf(id: string, realGraphOnly: true | undefined): string {
  return realGraphOnly ? `\`${id}\` ○` : `\`${id}\``;
}

const BY_PROGRAM: readonly Moment[] = ["program", "begun", "totals"];

/** A code stands for a run that is refused, a reason for one request that stops. */
function effectOf({ code, asked, outcome, reason }: RuleText): string {
  const refuses = code !== null && asked.some((moment) => BY_PROGRAM.includes(moment)) ? [`${code}: the run is refused`] : [];
  const stops =
    asked.length === 0 || asked.some((moment) => !BY_PROGRAM.includes(moment)) ? [`the request is \`${outcome}\` (\`${reason}\`)`] : [];
  return [...refuses, ...stops].join("; found later, ");
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
