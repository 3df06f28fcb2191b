import type { Refusal } from "../../../review/review.ts";
import { type Diagnostic, printableLines, renderDiagnostic } from "../../domain/diagnostic.ts";
import { EXIT_CODES, ProductError } from "../../domain/errors.ts";
import { unreadableDeviceRule } from "../../rules/selection-rules.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import { type Surroundings, tellUnexpected } from "../../support/unexpected-error.ts";
import { count } from "../../support/words.ts";
import { tellExit } from "../tell-exit.ts";
import { withSourceLines } from "./source-lines.ts";

/** A run that does not take place: its message tells people all there is to tell. */
export class RefusedRun extends Error {
  /** Exit code of our commands. */
  readonly code: number;
  readonly refusals: readonly Refusal[];

  constructor(message: string, code: number, refusals: readonly Refusal[]) {
    super(message);
    this.code = code;
    this.refusals = refusals;
  }
}

function refuse(text: string, code: number, refusals: readonly Refusal[]): never {
  tellExit(code);
  throw new RefusedRun(printableLines(text), code, refusals);
}

/** What the run was ended for, as data; empty for what is no refusal of ours. */
export function refusalsOf(error: unknown): readonly Refusal[] {
  return error instanceof RefusedRun ? error.refusals : [];
}

/**
 * Ends the program with all mistakes at once. Its exit code tells unreadable devices, which a later
 * run may read, from mistakes.
 */
export function refuseAll(diagnostics: readonly Diagnostic[], root: string): never {
  const refusals = diagnostics.map(asRefusal);
  const text = withSourceLines(diagnostics, root).map(renderDiagnostic).join("\n\n");
  if (diagnostics.every(({ code }) => code === unreadableDeviceRule.code))
    return refuse(`${text}\n\n${count(diagnostics.length, "device")} could not be read; nothing was sent`, EXIT_CODES.service, refusals);
  const mistakes = count(diagnostics.length, "mistake");
  return refuse(
    `${text}\n\n${mistakes}; nothing was sent. ${dlrCommand("validate", undefined)} checks the files without Graph`,
    EXIT_CODES.requests,
    refusals,
  );
}

/** Ends the program with all of these together; goes on where there are none. */
export function refuseTogether(problems: readonly ProductError[]): void {
  const [first] = problems;
  if (first !== undefined) refuse(problems.map(describe).join("\n\n"), EXIT_CODES[first.disposition], problems.map(ofProblem));
}

const NOWHERE = { file: null, line: null, column: null } as const;

function asRefusal({ code, message, hint, location: { file, line, column } }: Diagnostic): Refusal {
  return { code, message, hint: hint ?? null, file, line, column };
}

function ofProblem({ code, message, hint }: ProductError): Refusal {
  return { ...NOWHERE, code, message, hint: hint === "" ? null : hint };
}

function describe({ message, hint }: ProductError): string {
  return hint === "" ? message : `${message}\n  help: ${hint}`;
}

/**
 * Runs the program's own work; whatever it throws is told in one clear message, what is no error of
 * ours without its text.
 */
export async function orRefuse<T>(surroundings: Surroundings, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RefusedRun) throw error;
    if (error instanceof ProductError) return refuse(describe(error), EXIT_CODES[error.disposition], [ofProblem(error)]);
    const text = tellUnexpected(error, surroundings);
    return refuse(text, EXIT_CODES.bug, [{ ...NOWHERE, code: "BUG", message: text, hint: null }]);
  }
}
