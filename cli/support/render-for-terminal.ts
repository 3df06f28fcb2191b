import { createColors } from "picocolors";
import { type Diagnostic, renderDiagnostic } from "../../providers/domain/diagnostic.ts";

/** Diagnostics as text for people, one after the other, with colour where the terminal has it. */
export function renderForTerminal(diagnostics: readonly Diagnostic[], colour: boolean): string {
  return diagnostics.map((diagnostic) => (colour ? paint(diagnostic) : renderDiagnostic(diagnostic))).join("\n\n");
}

/** Colour only on a terminal, and never against the reader's wish. Source: https://no-color.org */
export function wantsColour(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
}

const colours = createColors(true);

/** The text of `renderDiagnostic`, line by line: place and verdict, excerpt, caret, help. */
function paint(diagnostic: Diagnostic): string {
  const [headline = "", ...rest] = renderDiagnostic(diagnostic).split("\n");
  const verdict = `${diagnostic.severity} ${diagnostic.code}:`;
  const at = headline.indexOf(` ${verdict} `);
  const red = diagnostic.severity === "error" ? colours.red : colours.yellow;
  const painted = `${colours.bold(headline.slice(0, at))} ${red(verdict)}${headline.slice(at + 1 + verdict.length)}`;
  return [painted, ...rest.map((line) => (/^ *\^$/.test(line) ? red(line) : line.startsWith("  help: ") ? colours.cyan(line) : line))].join(
    "\n",
  );
}
