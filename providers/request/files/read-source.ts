import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import { systemCode } from "../../support/system-code.ts";
import { findHiddenCharacters, type HiddenCharacter } from "./characters.ts";
import { decodeText } from "./decode-text.ts";
import { fileMistake, SourceFile } from "./source-file.ts";

const MAX_FILE_BYTES = 1024 * 1024;
const MOST_SHOWN = 20;

/** `refused` has at least one diagnostic. */
export type SourceResult =
  | { readonly kind: "text"; readonly file: SourceFile }
  | { readonly kind: "refused"; readonly diagnostics: readonly Diagnostic[] };

/** A file that can be named and opened: `absolute` for the disk, `shown` for people. */
export interface FilePath {
  readonly absolute: string;
  readonly shown: string;
}

/** Reads one text file. Links, pipes and devices are not followed or waited for. */
export function readSource(path: FilePath): SourceResult {
  const bytes = readBounded(path);
  if (!(bytes instanceof Uint8Array)) return { kind: "refused", diagnostics: [bytes] };
  const decoded = decodeText(bytes);
  if (decoded.kind === "notUtf8") {
    const file = new SourceFile(path.shown, decoded.before);
    const hint = HINTS[decoded.looksLike ?? "other"];
    return { kind: "refused", diagnostics: [file.mistake("DLR008", decoded.before.length, "this byte is not UTF-8", hint)] };
  }
  const file = new SourceFile(path.shown, decoded.text);
  const conflicts = explainConflicts(file);
  if (conflicts.length > 0) return { kind: "refused", diagnostics: conflicts };
  const hidden = findHiddenCharacters(decoded.text, MOST_SHOWN);
  if (hidden.length === 0) return { kind: "text", file };
  return { kind: "refused", diagnostics: hidden.map((character) => explainHidden(file, character)) };
}

/**
 * Git's own lines between the two sides of a merge; the first line of each conflict stands for it.
 */
const CONFLICT = /^(?:<{7}|={7}|>{7}|\|{7})(?!\S)/gm;

function explainConflicts(file: SourceFile): readonly Diagnostic[] {
  const lines = [...file.text.matchAll(CONFLICT)];
  const starts = lines.filter(([sign]) => sign.startsWith("<"));
  return (starts.length === 0 ? lines : starts)
    .slice(0, MOST_SHOWN)
    .map(({ index }) =>
      file.mistake(
        "DLR037",
        index,
        "a merge conflict is not settled here",
        "keep one of the two sides, and delete the lines <<<<<<<, ======= and >>>>>>>",
      ),
    );
}

const HINTS = {
  utf16: "it looks like UTF-16: save it as UTF-8 (in Windows PowerShell: -Encoding utf8, not >; in Excel: CSV UTF-8, not Unicode text)",
  workbook: "it is a workbook of Excel, whatever its name says: save it as CSV UTF-8",
  other: "save the file as UTF-8 (in Excel: CSV UTF-8)",
} as const;

function explainHidden(file: SourceFile, { offset, name, endsLine }: HiddenCharacter): Diagnostic {
  if (!endsLine) return file.mistake("DLR029", offset, `hidden character ${name}`, "delete it: a reviewer cannot see it");
  const hint = "save the file with the line ends of Unix or Windows, LF or CRLF (in Excel: CSV UTF-8, not CSV Macintosh)";
  return file.mistake("DLR029", offset, `a line ends in ${name} alone`, hint);
}

const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

function readBounded(path: FilePath): Uint8Array | Diagnostic {
  let handle: number;
  try {
    handle = openSync(path.absolute, FLAGS);
  } catch (error) {
    return unreadable(path.shown, error);
  }
  try {
    const facts = fstatSync(handle);
    if (!facts.isFile()) return notAFile(path.shown);
    if (facts.size > MAX_FILE_BYTES) return tooLarge(path.shown, facts.size);
    const bytes = readFileSync(handle);
    return bytes.length > MAX_FILE_BYTES ? tooLarge(path.shown, bytes.length) : bytes;
  } catch (error) {
    return unreadable(path.shown, error);
  } finally {
    closeSync(handle);
  }
}

/** For a folder, a device or a pipe where a text file should be. */
export function notAFile(shown: string): Diagnostic {
  return fileMistake("DLR010", shown, "this is not a file", "give it another name, or put a text file here");
}

/** For a link, wherever it leads: a pull request could point one at a file that it may not show. */
export function symbolicLink(shown: string): Diagnostic {
  return fileMistake("DLR009", shown, "this is a symbolic link", "put the file itself here: links are never followed");
}

function tooLarge(shown: string, size: number): Diagnostic {
  return fileMistake(
    "DLR007",
    shown,
    `the file has ${size} bytes; at most ${MAX_FILE_BYTES} (1 MiB) are read`,
    "split it into smaller files",
  );
}

/** What the system said when something could not be opened, by its code. */
export function unreadable(shown: string, error: unknown): Diagnostic {
  const code = systemCode(error);
  // Anything that is not the system's refusal is a bug.
  if (code === null) throw error;
  if (code === "ELOOP") return symbolicLink(shown);
  if (code === "EISDIR") return notAFile(shown);
  if (code === "ENOENT" || code === "ENOTDIR")
    return fileMistake("DLR010", shown, "there is no such file or folder", "check the path, or make the folder");
  return fileMistake("DLR010", shown, `this cannot be read (${code})`, "check who may read it");
}
