import { lstatSync, readdirSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep, win32 } from "node:path";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import { didYouMean } from "../../support/did-you-mean.ts";
import { codePointOf, inPlainSigns } from "../../support/look-alikes.ts";
import { quoted } from "../../support/words.ts";
import { type FilePath, readSource } from "../files/read-source.ts";
import { mistakeAt, type Place, type SourceFile } from "../files/source-file.ts";
import { shownPath } from "../files/walk-folder.ts";
import { type CsvDevices, type CsvRow, readCsv } from "./read-csv.ts";

/**
 * `sound` is false where some row has a mistake; `refused` is a file that may not or cannot be
 * opened.
 */
export type CsvAnswer =
  | { readonly kind: "rows"; readonly rows: readonly CsvRow[]; readonly sound: boolean }
  | { readonly kind: "refused"; readonly diagnostic: Diagnostic };

/**
 * The CSV files of one folder, each read once however many requests name it. Nothing outside the
 * folder is opened.
 */
export class CsvLibrary {
  readonly #root: string;
  readonly #folder: FilePath;
  readonly #known = new Map<string, CsvDevices>();
  readonly files: SourceFile[] = [];

  constructor(root: string, folder: FilePath) {
    this.#root = root;
    this.#folder = folder;
  }

  /** `name` is relative to the file that says it, which stands at `place`. */
  rowsOf(name: string, place: Place): CsvAnswer {
    if (!win32.isAbsolute(name) && /[\\\t\n\r\b\v\f]/.test(name)) return { kind: "refused", diagnostic: backslash(place, name) };
    const absolute = this.#resolveInside(name, place.file);
    if (absolute === null) return { kind: "refused", diagnostic: outside(place, name) };
    const obstacle = this.#findObstacle(absolute);
    if (obstacle?.kind === "missing") return { kind: "refused", diagnostic: missing(place, name, obstacle.path) };
    if (obstacle?.kind === "link") return { kind: "refused", diagnostic: link(place, name) };
    const devices = this.#known.get(absolute) ?? this.#read(absolute);
    return { kind: "rows", rows: devices.rows, sound: devices.diagnostics.length === 0 };
  }

  /** The mistakes of all files that were read, each once. */
  get diagnostics(): readonly Diagnostic[] {
    return [...this.#known.values()].flatMap((devices) => devices.diagnostics);
  }

  #read(absolute: string): CsvDevices {
    const source = readSource({ absolute, shown: shownPath(this.#root, absolute) });
    if (source.kind === "text") this.files.push(source.file);
    const devices = source.kind === "text" ? readCsv(source.file) : { rows: [], diagnostics: source.diagnostics };
    this.#known.set(absolute, devices);
    return devices;
  }

  /** Null for a path that leads out of the folder, on this or another system. */
  #resolveInside(name: string, from: SourceFile): string | null {
    if (isAbsolute(name) || win32.isAbsolute(name) || name.includes("\0")) return null;
    const absolute = resolve(this.#root, dirname(from.path), name);
    const inside = relative(this.#folder.absolute, absolute);
    return inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? null : absolute;
  }

  /** Each folder on the way is looked at: a link anywhere leads somewhere else. */
  #findObstacle(absolute: string): { readonly kind: "missing" | "link"; readonly path: string } | null {
    let here = this.#folder.absolute;
    for (const part of relative(here, absolute).split(sep)) {
      here = join(here, part);
      const facts = lstatSync(here, { throwIfNoEntry: false });
      if (facts === undefined) return { kind: "missing", path: here };
      if (facts.isSymbolicLink()) return { kind: "link", path: here };
    }
    return null;
  }
}

function outside(place: Place, name: string): Diagnostic {
  return mistakeAt(
    place,
    "DLR009",
    `${quoted(name)} leads out of the folder of requests`,
    "put the file beside this one and write its name alone",
  );
}

/** In double quotes YAML makes a tab of `\t` and a line of `\n`. */
function backslash(place: Place, name: string): Diagnostic {
  const written = place.file.text.slice(place.offset).split(/[\r\n]/, 1)[0] ?? name;
  const path = written
    .replaceAll(/^["']|["'].*$| #.*$/g, "")
    .replaceAll(/\\+/g, "/")
    .trim();
  return mistakeAt(place, "DLR009", "folders are not separated by a backslash here", `write ${path}: it is the same on every system`);
}

/** `path` is the first part of the name's way that is not there. */
function missing(place: Place, name: string, path: string): Diagnostic {
  const beside = namesBeside(path);
  const wanted = basename(path);
  const alike = beside.find((other) => sameForPeople(other, wanted));
  if (alike !== undefined) {
    const message = `there is no file ${quoted(name)}: one of that name is spelled with other characters (${difference(alike, wanted)})`;
    return mistakeAt(place, "DLR010", message, "rename the file and write its name here, both in letters of the keyboard");
  }
  const cased = beside.find(
    (other) => other.toLowerCase() === wanted.toLowerCase() || other.toLowerCase() === `${wanted.toLowerCase()}.txt`,
  );
  const guess = cased === undefined ? didYouMean(wanted, beside) : ` (did you mean ${quoted(cased)}?)`;
  return mistakeAt(
    place,
    "DLR010",
    `there is no file ${quoted(name)}${guess}`,
    cased === undefined ? SPELLING : `${SPELLING}, and the ending; capitals count on most systems`,
  );
}

const SPELLING = "the path is relative to this file; check the spelling";

function namesBeside(absolute: string): readonly string[] {
  try {
    return readdirSync(dirname(absolute));
  } catch {
    return [];
  }
}

/** Macs write an accent as a character of its own, other systems as one with its letter. */
function sameForPeople(one: string, other: string): boolean {
  const seen = (name: string) =>
    inPlainSigns(name.normalize("NFC"))
      .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "")
      .trim();
  return seen(one) === seen(other);
}

/** The first characters in which the two differ. */
function difference(there: string, here: string): string {
  const [ofThere, ofHere] = [Array.from(there), Array.from(here)];
  const at = ofThere.findIndex((character, index) => character !== ofHere[index]);
  const shown = (characters: readonly string[]) => (characters[at] === undefined ? "nothing" : codePointOf(characters[at]));
  return `${shown(ofThere)} there, ${shown(ofHere)} here, at character ${at + 1}`;
}

function link(place: Place, name: string): Diagnostic {
  return mistakeAt(
    place,
    "DLR009",
    `${quoted(name)} is or goes through a symbolic link`,
    "put the file itself into the folder: links are never followed",
  );
}
