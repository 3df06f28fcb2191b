import { lstatSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep, win32 } from "node:path";
import type { Diagnostic } from "../../domain/diagnostic.ts";
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
    const absolute = this.#resolveInside(name, place.file);
    if (absolute === null) return { kind: "refused", diagnostic: outside(place, name) };
    const obstacle = this.#findObstacle(absolute);
    if (obstacle === "missing") return { kind: "refused", diagnostic: missing(place, name) };
    if (obstacle === "link") return { kind: "refused", diagnostic: link(place, name) };
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
    if (isAbsolute(name) || win32.isAbsolute(name) || name.includes("\\") || name.includes("\0")) return null;
    const absolute = resolve(this.#root, dirname(from.path), name);
    const inside = relative(this.#folder.absolute, absolute);
    return inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? null : absolute;
  }

  /** Each folder on the way is looked at: a link anywhere leads somewhere else. */
  #findObstacle(absolute: string): "missing" | "link" | null {
    let here = this.#folder.absolute;
    for (const part of relative(here, absolute).split(sep)) {
      here = join(here, part);
      const facts = lstatSync(here, { throwIfNoEntry: false });
      if (facts === undefined) return "missing";
      if (facts.isSymbolicLink()) return "link";
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

function missing(place: Place, name: string): Diagnostic {
  return mistakeAt(place, "DLR010", `there is no file ${quoted(name)}`, "the path is relative to this file; check the spelling");
}

function link(place: Place, name: string): Diagnostic {
  return mistakeAt(
    place,
    "DLR009",
    `${quoted(name)} is or goes through a symbolic link`,
    "put the file itself into the folder: links are never followed",
  );
}
