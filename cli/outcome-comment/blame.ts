import { onceFor } from "../../providers/support/once.ts";
import { runGit } from "../support/run-git.ts";
import { requireWholeHistory } from "../support/whole-history.ts";

/** A line of a file; the first is 1. */
export interface Line {
  /** Relative to the checkout. */
  readonly file: string;
  readonly line: number;
}

/**
 * Finds the commit that brought a line to what it is now, but for spaces; null for one that is in
 * no commit yet. Throws `ConfigurationError` outside of git, and where the history is cut: its last
 * commit would have brought everything.
 */
export async function openBlame(folder: string, env: NodeJS.ProcessEnv): Promise<(line: Line) => Promise<string | null>> {
  const git = async (...args: readonly string[]) => (await runGit(folder, args, env)).toString("utf8");
  await requireWholeHistory(folder, env);
  const blame = onceFor((file: string) =>
    git("blame", "--porcelain", "-w", "HEAD", "--", file).then(parseBlame, (): ReadonlyMap<number, string> => new Map()),
  );
  return async ({ file, line }) => (await blame(file)).get(line) ?? null;
}

/** Line by line: `COMMIT LINE-THEN LINE-NOW [COUNT]`; the text of a line begins with a tab. */
function parseBlame(text: string): ReadonlyMap<number, string> {
  const heads = text.matchAll(/^([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?$/gm);
  return new Map([...heads].map(([, commit = "", line]) => [Number(line), commit]));
}
