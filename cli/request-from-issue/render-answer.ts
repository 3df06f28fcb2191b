import { count } from "../../providers/support/words.ts";
import { code } from "../../review/markdown/escape.ts";
import type { Mistake, Wanted } from "../adopt/wanted.ts";
import type { AcceptedIssue } from "./accepted-issue.ts";
import { ACCEPTED_LABEL } from "./accepted-label.ts";

const MOST_ROWS = 20;
const MOST_CELL = 400;
const BEGIN = "<!-- device-lifecycle:request -->";

/** True for a comment of ours: one further down was quoted by somebody. */
export function isAnswer(body: string): boolean {
  return body.startsWith(`${BEGIN}\n`);
}

/** What an issue is told, whatever it is; one comment has the last of it. */
export function renderAnswer(text: string): string {
  return `${BEGIN}\n${text}\n`;
}

/** What is wrong with a form, and what to write instead. */
export function renderMistakes(mistakes: readonly Mistake[]): string {
  const rows = mistakes
    .slice(0, MOST_ROWS)
    .map(({ where, message, hint }) => `| ${code(where)} | ${code(message, MOST_CELL)} | ${code(hint, MOST_CELL)} |`);
  const left = mistakes.length - rows.length;
  return [
    `**No request was made of this: ${count(mistakes.length, "mistake")}.**`,
    "",
    "| where | what is wrong | what to do |",
    "|---|---|---|",
    ...rows,
    ...(left === 0 ? [] : ["", `and ${left} more`]),
    "",
    `The label was taken off. Edit the text above, or open a new issue; then somebody sets ${code(ACCEPTED_LABEL)} again.`,
  ].join("\n");
}

/** The pull request's text: what was accepted, by whom; nothing in it closes the issue. */
export function renderProposal({ number, labeller }: AcceptedIssue, wanted: Wanted, sha256: string): string {
  const { devices, playbook, reason, expires, acknowledge = [] } = wanted;
  const names = devices.kind === "named" ? devices.names : [];
  const row = (name: string, ...values: readonly string[]) =>
    `| ${name} | ${values.map((value) => code(value, 1_200)).join(", ") || "–"} |`;
  return [
    `What the form of issue #${number} asks for, as it stood when ${code(labeller.login)} accepted it.`,
    "",
    "| | |",
    "|---|---|",
    row("devices", ...names),
    row("playbook", playbook),
    row("reason", reason),
    row("until", ...(expires === undefined ? [] : [expires])),
    row("agreed", ...acknowledge),
    "",
    `The accepted text has the SHA-256 ${code(sha256)}: an edit of the issue after that changes nothing here. To accept is not to approve: look at the preview.`,
    "",
  ].join("\n");
}
