import path from "node:path";
import type { Change } from "./change.ts";
import { type JudgedEntry, keepNamed } from "./judge-entries.ts";
import { planFile } from "./plan-file.ts";
import { listFile, type RequestFile, readOrNull, readRequestFile } from "./request-files.ts";

/** What is to be done, and how each entry stands in the end. */
export interface ArchivePlan {
  readonly judged: readonly JudgedEntry[];
  /** No two are of the same file. */
  readonly changes: readonly Change[];
}

/** Folders, absolute. */
export interface ArchiveFolders {
  readonly requests: string;
  readonly archive: string;
}

/** All files that have entries, by the name that `Entry.file` has. */
export type RequestFiles = ReadonlyMap<string, RequestFile>;

/**
 * Plans the move of every entry that goes and that can be taken out of its file; the others stay,
 * with what they name. Reads files, and changes none.
 */
export async function planArchive(judged: readonly JudgedEntry[], files: RequestFiles, folders: ArchiveFolders): Promise<ArchivePlan> {
  const changes = new Map<string, Change>();
  const stuck = new Set<string>();
  for (const [shown, file] of files) {
    const planned = await planOne(file, goingOf(judged, shown), folders);
    if (planned === null) stuck.add(shown);
    else for (const change of planned) changes.set(`${change.place}/${change.name}`, change);
  }
  if (stuck.size > 0) return planArchive(keepNamed(judged.map((one) => keepStuck(one, stuck))), files, folders);
  return { judged, changes: [...changes.values(), ...unnamedLists([...changes.values()], judged, files)] };
}

function keepStuck(one: JudgedEntry, stuck: ReadonlySet<string>): JudgedEntry {
  return one.kind === "goes" && stuck.has(one.entry.file) ? { kind: "stays", entry: one.entry, stay: "place" } : one;
}

interface Going {
  readonly names: ReadonlySet<string>;
  /** `YYYY-MM` in which the last of them ended. */
  readonly month: string;
}

function goingOf(judged: readonly JudgedEntry[], shown: string): Going | null {
  const going = judged.flatMap((one) => (one.kind === "goes" && one.entry.file === shown ? [one] : []));
  if (going.length === 0) return null;
  const last = Math.max(...going.map(({ endedAt }) => endedAt));
  return { names: new Set(going.map(({ entry }) => entry.name)), month: new Date(last).toISOString().slice(0, 7) };
}

/** With copies of the lists that the entries name; null where one has no place in the archive. */
async function planOne(file: RequestFile, going: Going | null, { archive, requests }: ArchiveFolders): Promise<readonly Change[] | null> {
  if (going === null) return [];
  const { names, month } = going;
  const to = path.posix.join(month, file.name);
  const changes = planFile(file, names, { archived: await readRequestFile(archive, to), to });
  if (changes === null) return null;
  const lists = (file.entries ?? []).filter(({ name }) => names.has(name)).flatMap((entry) => listFile(file, entry) ?? []);
  const copies = new Map<string, Change>();
  for (const list of lists) {
    const name = path.posix.join(month, list);
    const [bytes, there] = [await readOrNull(path.join(requests, list)), await readOrNull(path.join(archive, name))];
    if (bytes === null || (there !== null && !there.equals(bytes))) return null;
    copies.set(list, { place: "archive", name, before: there, after: bytes, list });
  }
  return [...changes, ...copies.values()];
}

/** A list that nobody names any more goes from where it was copied. */
function unnamedLists(changes: readonly Change[], judged: readonly JudgedEntry[], files: RequestFiles): readonly Change[] {
  const staying = new Set(judged.flatMap(({ kind, entry }) => (kind === "stays" ? [entry.name] : [])));
  const named = new Set(
    [...files.values()].flatMap((file) =>
      (file.entries ?? []).filter(({ name }) => staying.has(name)).flatMap((entry) => listFile(file, entry) ?? []),
    ),
  );
  const copied = new Map(changes.flatMap(({ list, after }) => (list === undefined ? [] : [[list, after] as const])));
  return [...copied].filter(([list]) => !named.has(list)).map(([name, before]) => ({ place: "requests", name, before, after: null }));
}
