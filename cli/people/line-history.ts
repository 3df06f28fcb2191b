/** What one commit did to one file. */
export interface FileChange {
  readonly commit: string;
  readonly hunks: readonly Hunk[];
}

/** Lines from `start` (the first is 1) that went, and how many came in their place. */
interface Hunk {
  /** Of the file before; where nothing went, the line after which lines came. */
  readonly start: number;
  readonly went: number;
  readonly came: number;
}

/** Begins each commit in the text that `parseChanges` reads, for `git log --format`. */
export const COMMIT_LINE = "commit %H";

/**
 * Of `git log -p -U0` for one file, newest first as git has it. Only "\n" ends a line there: what
 * the file itself holds stands behind a sign, whatever it looks like.
 */
export function parseChanges(log: string): readonly FileChange[] {
  const changes: { commit: string; hunks: Hunk[] }[] = [];
  for (const line of log.split("\n")) {
    const [, commit] = /^commit ([0-9a-f]{40,64})$/.exec(line) ?? [];
    if (commit !== undefined) changes.push({ commit, hunks: [] });
    const hunk = parseHunk(line);
    if (hunk !== null) changes.at(-1)?.hunks.push(hunk);
  }
  return changes;
}

/** `@@ -START[,COUNT] +START[,COUNT] @@`; a count that is left out is 1. */
function parseHunk(line: string): Hunk | null {
  const [found, start, went = "1", came = "1"] = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line) ?? [];
  return found === undefined ? null : { start: Number(start), went: Number(went), came: Number(came) };
}

/**
 * For each line of the file as it is now, every commit that had a hand in it: whose text it has, or
 * had before somebody changed it, and who took away what followed it. Changes come newest first.
 */
export function commitsOfLines(changes: readonly FileChange[]): readonly ReadonlySet<string>[] {
  let lines: readonly ReadonlySet<string>[] = [];
  for (const { commit, hunks } of changes.toReversed()) {
    // From the end: the places of the hunks before it stay as they are.
    for (const { start, went, came } of hunks.toReversed()) lines = applied(lines, { start, went, came }, commit);
  }
  return lines;
}

function applied(lines: readonly ReadonlySet<string>[], { start, went, came }: Hunk, commit: string): readonly ReadonlySet<string>[] {
  const from = went === 0 ? start : start - 1;
  const gone = lines.slice(from, from + went);
  const hands = new Set([commit, ...gone.flatMap((commits) => [...commits])]);
  if (came > 0) return [...lines.slice(0, from), ...Array<ReadonlySet<string>>(came).fill(hands), ...lines.slice(from + went)];
  const before = lines[from - 1];
  const kept = before === undefined ? [] : [new Set([...before, commit])];
  return [...lines.slice(0, Math.max(0, from - 1)), ...kept, ...lines.slice(from + went)];
}
