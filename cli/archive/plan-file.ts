import type { Change } from "./change.ts";
import { withEntries, withoutEntries } from "./cut-lines.ts";
import type { EntryLines, EntryText } from "./entry-lines.ts";
import type { RequestFile } from "./request-files.ts";

/**
 * What becomes of one file and of its part of the archive when some of its entries go; null where
 * that cannot be done by lines alone. Pure. `going`: at least one name. `archived`: what stands at
 * `to` already.
 */
export function planFile(
  file: RequestFile,
  going: ReadonlySet<string>,
  { archived, to }: { readonly archived: RequestFile | null; readonly to: string },
): readonly Change[] | null {
  const entries = file.entries ?? [];
  const goesWhole = entries.length > 0 && entries.every(({ name }) => going.has(name));
  if (goesWhole && archived === null)
    return [toArchive(to, null, file.bytes), { place: "requests", name: file.name, before: file.bytes, after: null }];
  const moved = placesOf(entries.filter(({ name }) => going.has(name)));
  const kept = placesOf(entries.filter(({ name }) => !going.has(name)));
  const onto = archived === null ? null : endOf(archived, going);
  if (moved === null || kept === null || onto === undefined) return null;
  const after = Buffer.from(`${archived?.mark ?? ""}${withEntries(onto, file.text, moved)}`);
  const rest = goesWhole ? null : Buffer.from(`${file.mark}${withoutEntries(file.text, moved, kept)}`);
  return [toArchive(to, archived?.bytes ?? null, after), { place: "requests", name: file.name, before: file.bytes, after: rest }];
}

function toArchive(name: string, before: Buffer | null, after: Buffer): Change {
  return { place: "archive", name, before, after };
}

function placesOf(entries: readonly EntryText[]): readonly EntryLines[] | null {
  const lines = entries.map((entry) => entry.lines);
  return lines.every((one) => one !== null) ? lines : null;
}

/** Undefined for an archive that nothing can be added to, or that has one of these names. */
function endOf({ text, entries }: RequestFile, going: ReadonlySet<string>): { readonly text: string; readonly indent: number } | undefined {
  const indent = entries?.[0]?.lines?.indent;
  const isFree = entries?.every(({ name, lines }) => lines !== null && !going.has(name)) ?? false;
  return indent === undefined || !isFree ? undefined : { text, indent };
}
