import { type Diagnostic, printable } from "../../providers/domain/diagnostic.ts";

/**
 * What GitHub shows of one step and kind; more is thrown away without a word. Source:
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
const MOST = 10;

/** Diagnostics as commands to GitHub Actions, which show them at the lines of a pull request. */
export function renderAnnotations(diagnostics: readonly Diagnostic[]): string {
  const kinds = (["error", "warning"] as const).map((severity) => diagnostics.filter((one) => one.severity === severity));
  return kinds.flatMap(annotationsOf).join("\n");
}

/** The last of them tells how many there are more of. */
function annotationsOf(diagnostics: readonly Diagnostic[]): readonly string[] {
  const [first] = diagnostics;
  if (first === undefined) return [];
  if (diagnostics.length <= MOST) return diagnostics.map(annotation);
  const more = `and ${diagnostics.length - MOST + 1} more: the log of this step has them all`;
  return [...diagnostics.slice(0, MOST - 1).map(annotation), `::${first.severity}::${more}`];
}

function annotation({ severity, code, location, message, hint }: Diagnostic): string {
  const { file, line, column } = location;
  const properties = `file=${property(file)},line=${line},col=${column},title=${code}`;
  return `::${severity} ${properties}::${data(hint === undefined ? message : `${message}\n${hint}`)}`;
}

/** Of each line alone: what the runner reads is one line, and spells its end itself. */
function data(text: string): string {
  const lines = text.split("\n").map((line) => printable(line).replaceAll("%", "%25"));
  return lines.join("%0A");
}

function property(text: string): string {
  return printable(text).replaceAll("%", "%25").replaceAll(":", "%3A").replaceAll(",", "%2C");
}
