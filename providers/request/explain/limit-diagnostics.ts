import { type Diagnostic, sortDiagnostics } from "../../domain/diagnostic.ts";

/** More mistakes than this in one file help nobody, and hostile text can have half a million. */
const MOST_PER_FILE = 1000;

/** Sorted, at most 1,000 a file; what is left out is counted in one more diagnostic. */
export function limitDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const counts = new Map<string, number>();
  const kept: Diagnostic[] = [];
  const firstLeftOut = new Map<string, Diagnostic>();
  for (const diagnostic of sortDiagnostics(diagnostics)) {
    const { file } = diagnostic.location;
    const count = (counts.get(file) ?? 0) + 1;
    counts.set(file, count);
    if (count <= MOST_PER_FILE) kept.push(diagnostic);
    else if (!firstLeftOut.has(file)) firstLeftOut.set(file, diagnostic);
  }
  const notes = [...firstLeftOut].map(([file, first]) => leftOut(first, (counts.get(file) ?? 0) - MOST_PER_FILE));
  return notes.length === 0 ? kept : sortDiagnostics([...kept, ...notes]);
}

function leftOut({ location }: Diagnostic, count: number): Diagnostic {
  const message = `${count} more mistakes from here on are not shown`;
  return { code: "DLR033", severity: "error", message, location, hint: "correct the first ones and check again" };
}
