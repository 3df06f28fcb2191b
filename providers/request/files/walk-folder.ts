import { type Dirent, lstatSync, readdirSync, realpathSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import { systemCode } from "../../support/system-code.ts";
import { quoted } from "../../support/words.ts";
import { type FilePath, notAFile, symbolicLink, unreadable } from "./read-source.ts";
import { fileMistake } from "./source-file.ts";

/** A folder of the user's and everything in it that may be read. */
export interface FolderContents {
  readonly folder: FilePath;
  /** `*.yaml` and `*.yml`, sorted by path. */
  readonly yamlFiles: readonly FilePath[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Paths as people are shown them: relative to the root with `/`, absolute for what lies outside of
 * it.
 */
export function shownPath(root: string, absolute: string): string {
  const path = relative(root, absolute);
  return (leadsOutside(path) ? absolute : path || ".").replaceAll(sep, "/");
}

/**
 * Whether a relative path leaves the folder that it starts from. A folder called `..data` is
 * inside.
 */
function leadsOutside(path: string): boolean {
  return path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path);
}

/**
 * Lists a folder recursively. Dot files and other endings are skipped, links are mistakes and never
 * followed.
 */
export function walkFolder(root: string, path: string, whenMissing: "fine" | "mistake"): FolderContents {
  const absolute = resolve(root, path);
  const folder = { absolute, shown: shownPath(root, absolute) };
  const refusal = refuseFolder(root, folder);
  if (refusal === null) return { folder, ...listFiles(root, absolute) };
  const silent = refusal.missing && whenMissing === "fine";
  return { folder, yamlFiles: [], diagnostics: silent ? [] : [refusal.diagnostic] };
}

function listFiles(root: string, absolute: string): Omit<FolderContents, "folder"> {
  const yamlFiles: FilePath[] = [];
  const diagnostics: Diagnostic[] = [];
  const open = [absolute];
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    const listing = readEntries(here, shownPath(root, here));
    diagnostics.push(...listing.diagnostics);
    for (const entry of listing.entries) {
      const path = join(here, entry.name);
      sortEntry(kindOf(entry), { absolute: path, shown: shownPath(root, path) }, { open, yamlFiles, diagnostics });
    }
  }
  return { yamlFiles: yamlFiles.sort((a, b) => (a.shown < b.shown ? -1 : 1)), diagnostics };
}

interface Found {
  readonly open: string[];
  readonly yamlFiles: FilePath[];
  readonly diagnostics: Diagnostic[];
}

function sortEntry(kind: EntryKind, path: FilePath, found: Found): void {
  if (kind === "folder") found.open.push(path.absolute);
  if (kind === "yaml") found.yamlFiles.push(path);
  if (kind === "link") found.diagnostics.push(symbolicLink(path.shown));
  if (kind === "misnamed") found.diagnostics.push(misnamed(path.shown));
  if (kind === "notAFile") found.diagnostics.push(notAFile(path.shown));
}

function refuseFolder(root: string, folder: FilePath): { missing: boolean; diagnostic: Diagnostic } | null {
  try {
    const facts = lstatSync(folder.absolute);
    if (facts.isSymbolicLink() || hidesALink(root, folder.absolute)) return { missing: false, diagnostic: symbolicLink(folder.shown) };
    if (facts.isDirectory()) return null;
    const diagnostic = fileMistake("DLR010", folder.shown, "this is a file, not a folder", "name the folder that holds it");
    return { missing: false, diagnostic };
  } catch (error) {
    const diagnostic = unreadable(folder.shown, error);
    return { missing: systemCode(error) === "ENOENT", diagnostic };
  }
}

/** A link between the root and the folder; links above the root are the machine's own business. */
function hidesALink(root: string, absolute: string): boolean {
  const path = relative(root, absolute);
  if (leadsOutside(path)) return false;
  return realpathSync(absolute) !== join(realpathSync(root), path);
}

function readEntries(absolute: string, shown: string): { entries: readonly Dirent[]; diagnostics: readonly Diagnostic[] } {
  try {
    return { entries: readdirSync(absolute, { withFileTypes: true }), diagnostics: [] };
  } catch (error) {
    return { entries: [], diagnostics: [unreadable(shown, error)] };
  }
}

type EntryKind = "folder" | "yaml" | "misnamed" | "link" | "notAFile" | "other";

/**
 * What Windows, browsers and slips of the hand make of `.yaml`: whoever put it here means it to be
 * read.
 */
const MISNAMED = /\.(?:ya?ml(?:\.(?:txt|text|rtf|docx?|download|crdownload|part)|[^\w.~-]+|\.)|yalm|ymal|yam|yamll?l|yml[sx]|yaml?1)$/i;

function misnamed(shown: string): Diagnostic {
  const right = shown.replace(/\.[^/]*$/, ".yaml");
  return fileMistake(
    "DLR038",
    shown,
    "this file is not read: only *.yaml and *.yml are",
    `rename it to ${quoted(right)}, or move it elsewhere`,
  );
}

/**
 * A link is a mistake whatever it is called, save in dot files: it may be a folder full of
 * requests.
 */
function kindOf(entry: Dirent): EntryKind {
  const yaml = /\.ya?ml$/i.test(entry.name);
  if (entry.name.startsWith(".")) return "other";
  if (entry.isSymbolicLink()) return "link";
  if (entry.isDirectory()) return yaml ? "notAFile" : "folder";
  if (!yaml) return entry.isFile() && MISNAMED.test(entry.name) ? "misnamed" : "other";
  return entry.isFile() ? "yaml" : "notAFile";
}
