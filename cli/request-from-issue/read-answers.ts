import { inPlainSigns } from "../../providers/support/look-alikes.ts";
import { quoted } from "../../providers/support/words.ts";
import { unseenIn } from "../adopt/unseen.ts";
import type { Field, Mistake } from "../adopt/wanted.ts";
import type { IssueForm, Question } from "./issue-form.ts";

/** What stands below each heading; nothing for what was left out. */
export type Answers = ReadonlyMap<Field, string>;

/** The answers, or why nobody can be sure which they are. */
export type ReadAnswers =
  | { readonly kind: "answers"; readonly answers: Answers }
  | { readonly kind: "wrong"; readonly mistakes: readonly Mistake[] };

const MOST_CHARACTERS = 65_536;

/**
 * Reads what GitHub makes of a filled-in form: `### LABEL`, an empty line, the answer, for each
 * question in the form's order. Whoever writes an issue can edit that text: it is taken only where
 * what people see on the page and what is read here cannot differ.
 */
export function readAnswers(body: string, form: IssueForm): ReadAnswers {
  const lines = body.replaceAll("\r\n", "\n").split("\n");
  const mistakes = [...checkWhole(body), ...form.flatMap((question) => checkHeading(lines, question))];
  if (mistakes.length > 0) return { kind: "wrong", mistakes };
  const starts = form.map(({ label }) => lines.indexOf(headingOf(label)));
  const inOrder = starts.every((start, index) => index === 0 || start > (starts[index - 1] ?? 0));
  const before = lines.slice(0, Math.min(...starts)).some((line) => line.trim() !== "");
  if (!inOrder || before)
    return {
      kind: "wrong",
      mistakes: [notTheForm(before ? "there is text above its first heading" : "its headings are in another order")],
    };
  const answers = form.map(({ field }, index) => [field, textOf(lines.slice((starts[index] ?? 0) + 1, starts[index + 1]))] as const);
  return { kind: "answers", answers: new Map(answers.filter(([, text]) => text !== "")) };
}

function headingOf(label: string): string {
  return `### ${label}`;
}

function textOf(lines: readonly string[]): string {
  const text = lines.join("\n").trim();
  return text === "_No response_" || text === "None" ? "" : text;
}

/** A comment or a fold of HTML would hide from people what is read here. */
function checkWhole(body: string): readonly Mistake[] {
  if (body.length > MOST_CHARACTERS) return [notTheForm(`it has ${body.length} characters`)];
  const [html] = /<[a-z!/?][^\n]{0,20}/i.exec(body) ?? [];
  if (html !== undefined)
    return [{ where: "", message: `there is HTML in it (${quoted(html)}), which can hide text`, hint: "write the text without <" }];
  // Diagrams and formulas can draw text so that nobody sees it.
  if (/^\s*(?:`{3}|~{3}|\${2})/m.test(body))
    return [{ where: "", message: "there is a block of code or a formula in it, which can hide text", hint: "write plain text" }];
  const unseen = unseenIn(body, "several");
  if (unseen === null) return [];
  return [{ where: "", message: `there is a character in it that nobody sees (${unseen})`, hint: "type the text again" }];
}

/** Once as the form writes it, and no other line that a reader could take for it. */
function checkHeading(lines: readonly string[], { label }: Question): readonly Mistake[] {
  const alike = lines.filter((line) => bare(line) === bare(label));
  const exact = lines.filter((line) => line === headingOf(label));
  if (exact.length === 1 && alike.length === 1) return [];
  if (exact.length === 0) return [notTheForm(`the heading ${quoted(label)} is not there`)];
  return [
    {
      where: label,
      message: `${exact.length > 1 ? "its heading is there twice" : "a line looks like its heading"}: nobody can tell which answer counts`,
      hint: `keep the form's own heading, and no other line that says ${quoted(label)} alone`,
    },
  ];
}

/** Letters and digits as they look, without signs of Markdown. */
function bare(line: string): string {
  return inPlainSigns(line.normalize("NFKC"))
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}

function notTheForm(why: string): Mistake {
  return {
    where: "",
    message: `this is not the form as GitHub writes it: ${why}`,
    hint: "open a new issue with the form “Device request”",
  };
}
