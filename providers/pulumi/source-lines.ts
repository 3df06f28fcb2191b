import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Diagnostic } from "../domain/diagnostic.ts";

/** Adds the text of the line to each diagnostic that has none; the files were read and checked before, so one that is gone now is left out. */
export async function withSourceLines(diagnostics: readonly Diagnostic[], root: string): Promise<readonly Diagnostic[]> {
  const files = new Map<string, readonly string[]>();
  for (const { location, sourceLine } of diagnostics) {
    if (sourceLine === undefined && !files.has(location.file)) files.set(location.file, await linesOf(resolve(root, location.file)));
  }
  return diagnostics.map((diagnostic) => {
    const sourceLine = diagnostic.sourceLine ?? files.get(diagnostic.location.file)?.[diagnostic.location.line - 1];
    return sourceLine === undefined ? diagnostic : { ...diagnostic, sourceLine };
  });
}

async function linesOf(path: string): Promise<readonly string[]> {
  try {
    return (await readFile(path, "utf8")).split(/\r?\n/);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
