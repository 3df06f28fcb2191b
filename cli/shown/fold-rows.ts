import { listName } from "../../providers/domain/request.ts";
import { count } from "../../providers/support/words.ts";

/** What the table says of a request, or of several that were folded into one row. */
export interface Row {
  /** Of the plan. */
  readonly label: string;
  readonly request: string;
  readonly device: string;
  readonly serial: string;
  readonly user: string;
  readonly seen: string;
}

/**
 * Rows as they are where they are few; else members of a list with the same plan become one row,
 * where the first of them stood; what is still too much is left out and counted in requests.
 */
export function foldRows(rows: readonly Row[], most: number): { readonly rows: readonly Row[]; readonly left: number } {
  if (rows.length <= most) return { rows, left: 0 };
  const folds = [...Map.groupBy(rows, foldKey).values()];
  const shown = folds.slice(0, most);
  return { rows: shown.map(folded), left: folds.slice(most).reduce((sum, members) => sum + members.length, 0) };
}

/** A request that is in no list stays for itself. */
function foldKey({ label, request }: Row): string {
  const list = listName(request);
  return JSON.stringify(list === request ? [request] : [list, label]);
}

function folded(members: readonly Row[]): Row {
  const [first] = members;
  const last = members.at(-1);
  if (first === undefined || last === undefined) throw new TypeError("a fold has members");
  if (members.length === 1) return first;
  const dates = members.map(({ seen }) => seen).filter((seen) => seen !== "-");
  const users = new Set(members.map(({ user }) => user).filter((user) => user !== "-"));
  return {
    label: first.label,
    request: `${listName(first.request)}/…`,
    device: `${members.length} devices`,
    serial: `${first.serial} … ${last.serial}`,
    user: users.size === 0 ? "-" : count(users.size, "user"),
    seen: dates.length === 0 ? "-" : `from ${dates.toSorted()[0]}`,
  };
}
