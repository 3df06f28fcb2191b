import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../../providers/domain/diagnostic.ts";
import { type LoadedRequests, loadRequests } from "../../providers/request/load-requests.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/**
 * Files by path from the project's folder. `«DLR011»` in a text stands right before the place of
 * that mistake.
 */
export type MarkedFiles = Readonly<Record<string, string>>;

/** One mistake, or several that are found together. */
export interface MistakeCase {
  readonly title: string;
  readonly files: MarkedFiles;
  /** Sets up what is not a text file, after the files are written. */
  readonly prepare?: (folder: string) => void;
  /** Mistakes without a marker, as `file:line:column code`. */
  readonly also?: readonly string[];
}

const MARKER = /«(DLR\d{3})»/;

/** The text without its markers, and `line:column code` of each. */
function readMarkers(marked: string): { readonly text: string; readonly expected: readonly string[] } {
  let text = marked;
  const expected: string[] = [];
  for (let match = MARKER.exec(text); match !== null; match = MARKER.exec(text)) {
    const before = text.slice(0, match.index).split("\n");
    expected.push(`${before.length}:${(before.at(-1) ?? "").length + 1} ${match[1]}`);
    text = text.slice(0, match.index) + text.slice(match.index + match[0].length);
  }
  return { text, expected };
}

export function expectedOf({ files, also = [] }: Pick<MistakeCase, "files" | "also">): readonly string[] {
  const marked = Object.entries(files).flatMap(([file, text]) => readMarkers(text).expected.map((place) => `${file}:${place}`));
  return [...marked, ...also].sort();
}

/** A project with these files, and what the loader makes of it. */
export async function loadMarked(files: MarkedFiles, prepare?: (folder: string) => void): Promise<LoadedRequests> {
  const folder = await temporaryFolder();
  mkdirSync(path.join(folder, "requests"));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, readMarkers(text).text);
  }
  prepare?.(folder);
  return await loadRequests({ root: folder, requests: "requests", playbooks: "playbooks" });
}

/** One request file without mistakes around it. */
export async function loadText(text: string): Promise<LoadedRequests> {
  return await loadMarked({ "requests/a.yaml": text });
}

export function placesOf(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ location: { file, line, column }, code }) => `${file}:${line}:${column} ${code}`).sort();
}
