import { createColors } from "picocolors";
import { printable, printableLines } from "../../providers/domain/diagnostic.ts";
import { listed } from "../../providers/support/words.ts";
import type { RunEnd } from "./follow-run.ts";
import type { Look } from "./look.ts";
import { isRed, type Said } from "./run-view.ts";

const MOST_WARNINGS = 10;
const MOST_NAMES = 3;

/** What Pulumi says where the program has asked for a red run, and told why. */
const PULUMIS_OWN = /^an unhandled error occurred: Program exited with non-zero exit code/i;

/**
 * Errors in full, and warnings that were `told` nowhere else, each text once; `isOwn`: what is said
 * of single requests stands in the last block. A run that failed and said nothing of it shows all
 * that Pulumi wrote.
 */
export function renderSaid(
  { code, view, display }: RunEnd,
  told: ReadonlySet<string>,
  isOwn: (said: Said) => boolean,
  look: Look,
): readonly string[] {
  const colors = createColors(look.color);
  const said = view.said.filter((one) => !PULUMIS_OWN.test(one.text));
  const isExplained = code === 0 || said.some(({ severity }) => severity === "error") || view.standings.some(isRed);
  const left = said.filter((one) => !told.has(one.text) && !isOwn(one));
  const warnings = left.filter(({ severity }) => severity === "warning");
  return [
    ...left.filter(({ severity }) => severity === "error").flatMap((one) => linesOf("error", one).map(colors.red)),
    ...warnings.slice(0, MOST_WARNINGS).flatMap((one) => linesOf("warning", one).map(colors.yellow)),
    ...(warnings.length <= MOST_WARNINGS ? [] : [`and ${warnings.length - MOST_WARNINGS} more warnings: ${look.details}`]),
    ...(isExplained || display.trim() === "" ? [] : printableLines(display.trimEnd()).split("\n")),
  ];
}

/** The program's texts, which may have several lines, are told as they are. */
function linesOf(severity: Said["severity"], { text, names }: Said): readonly string[] {
  const more = names.length - MOST_NAMES;
  const who = listed([...names.slice(0, MOST_NAMES), ...(more <= 0 ? [] : [`${more} more`])], "and");
  return [...(who === "" ? [] : [printable(who)]), ...printableLines(`${severity}: ${text}`).split("\n")].map((line, index) =>
    who !== "" && index > 0 ? `  ${line}` : line,
  );
}
