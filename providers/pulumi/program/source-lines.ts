import { resolve } from "node:path";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import { readSource } from "../../request/files/read-source.ts";

/**
 * Adds the text of the line to each diagnostic that has none, as the loader shows it: what stands
 * behind a word for a secret is hidden. The files were read and checked before; one that is gone or
 * was changed since is left out.
 */
export function withSourceLines(diagnostics: readonly Diagnostic[], root: string): readonly Diagnostic[] {
  const lackingFiles = new Set(diagnostics.filter(({ sourceLine }) => sourceLine === undefined).map(({ location }) => location.file));
  const sources = new Map([...lackingFiles].map((file) => [file, readSource({ absolute: resolve(root, file), shown: file })]));
  return diagnostics.map((diagnostic) => {
    const source = sources.get(diagnostic.location.file);
    if (diagnostic.sourceLine !== undefined || source?.kind !== "text") return diagnostic;
    const sourceLine = source.file.lineText(diagnostic.location.line);
    return sourceLine === "" ? diagnostic : { ...diagnostic, sourceLine };
  });
}
