import { type LifecycleRequest, listName } from "../../providers/domain/request.ts";

/** One entry of a file of requests: a request, or a list with all of its members. */
export interface Entry {
  /** As the file has it, without any device. */
  readonly name: string;
  /** As the loader shows it: relative to the project's folder, with `/`. */
  readonly file: string;
  /** At least one. */
  readonly members: readonly LifecycleRequest[];
}

/** In the order of the files; names are unique over all of them, or the loader has said so. */
export function entriesOf(requests: readonly LifecycleRequest[]): readonly Entry[] {
  const inOrder = requests.toSorted(({ source: a }, { source: b }) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
  const groups = Map.groupBy(inOrder, ({ name }) => listName(name));
  return [...groups].map(([name, members]) => ({ name, file: members[0]?.source.file ?? "", members }));
}
