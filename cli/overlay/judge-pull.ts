import type { PullTree, TreeEntry } from "./pull-tree.ts";

/** What a pull request may bring as data; anything else may be code, or decide what runs. */
export const DATA_FOLDERS = ["devices/requests", "devices/playbooks", "devices/policies"] as const;

/** What `dlr archive` takes out of the requests. No run reads it, and no preview does. */
export const ARCHIVE_FOLDER = "devices/archive";

const MOST_FILES = 1_000;
const MOST_BYTES = 1024 * 1024;
const MOST_BYTES_IN_ALL = 16 * 1024 * 1024;
const SHOWN = 10;

/** What is done about a pull request. */
export type Judged =
  /** It has no requests, playbooks or policies: there is nothing to preview. */
  | { readonly kind: "nothing" }
  | { readonly kind: "overlaid"; readonly entries: readonly TreeEntry[] }
  | { readonly kind: "refused"; readonly why: readonly Why[] };

/** Why a pull request gets no preview, in words for its author. */
export interface Why {
  readonly file: string | null;
  readonly message: string;
  readonly hint: string;
}

/**
 * Pure: what git told decides. Of the archive what is changed is judged, and nothing is laid over.
 */
export function judgePull({ changed, entries }: PullTree): Judged {
  if (!changed.some(isData)) return { kind: "nothing" };
  const overlaid = entries.filter(({ path }) => isData(path));
  const isChanged = new Set(changed);
  const archived = entries.filter(({ path }) => isArchive(path) && isChanged.has(path));
  const others = changed.filter((path) => !isData(path) && !isArchive(path));
  const why = [...judgeOthers(others), ...[...overlaid, ...archived].flatMap(judgeEntry), ...judgeSizes(overlaid)];
  return why.length === 0 ? { kind: "overlaid", entries: overlaid } : { kind: "refused", why };
}

function isData(path: string): boolean {
  return DATA_FOLDERS.some((folder) => path.startsWith(`${folder}/`));
}

function isArchive(path: string): boolean {
  return path.startsWith(`${ARCHIVE_FOLDER}/`);
}

/**
 * A request beside a change of what checks it would be previewed by what was there before, and done
 * by what comes.
 */
function judgeOthers(others: readonly string[]): readonly Why[] {
  const hint = "make two pull requests: first what is no request, then the requests";
  const message = "a pull request with requests changes nothing else: what runs for it is what was reviewed before";
  const shown = others.slice(0, SHOWN).map((file) => ({ file, message, hint }));
  return others.length > SHOWN ? [...shown, { file: null, message: `and ${others.length - SHOWN} more files`, hint }] : shown;
}

function judgeEntry({ path, mode, size }: TreeEntry): readonly Why[] {
  const no = (message: string, hint: string): readonly Why[] => [{ file: path, message, hint }];
  if (mode !== "100644")
    return no(`it is no plain file (mode ${mode})`, "a link, a program or a submodule is no request: add a plain file");
  if (!/^[\p{L}\p{N}._ -]+(\/[\p{L}\p{N}._ -]+)*$/u.test(path) || path.split("/").includes(".."))
    return no("its name has characters that a path should not have", "letters, digits, dots, hyphens, underscores and spaces");
  if (!/\.(ya?ml|csv|md)$/i.test(path) && !path.endsWith("/.gitkeep"))
    return no("it is neither YAML nor a list", "requests are .yaml, lists are .csv");
  if (size > MOST_BYTES) return no(`it has ${size} bytes`, `${MOST_BYTES} are the most`);
  return [];
}

function judgeSizes(entries: readonly TreeEntry[]): readonly Why[] {
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  const hint = "dlr archive moves requests that have ended out of the way: the ledger knows them";
  return [
    ...(entries.length > MOST_FILES
      ? [{ file: null, message: `there are ${entries.length} files, and ${MOST_FILES} are the most`, hint }]
      : []),
    ...(bytes > MOST_BYTES_IN_ALL
      ? [{ file: null, message: `there are ${bytes} bytes, and ${MOST_BYTES_IN_ALL} are the most`, hint }]
      : []),
  ];
}
