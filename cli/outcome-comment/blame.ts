import { ConfigurationError } from "../../providers/domain/errors.ts";
import { runGit } from "../support/run-git.ts";

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
  const isCut = await git("rev-parse", "--is-shallow-repository").catch(() => null);
  if (isCut === null) throw new ConfigurationError(`${folder} is no checkout of git: nobody can tell which commit brought a request`);
  if (isCut.trim() !== "false")
    throw new ConfigurationError("the history is cut: nobody can tell which commit brought a request", {
      hint: "fetch all of it: fetch-depth: 0 of actions/checkout, or git fetch --unshallow",
    });
  const blamed = new Map<string, Promise<ReadonlyMap<number, string>>>();
  return async ({ file, line }) => {
    const known = blamed.get(file) ?? git("blame", "--porcelain", "-w", "HEAD", "--", file).then(parseBlame, () => new Map());
    blamed.set(file, known);
    return (await known).get(line) ?? null;
  };
}

/** Line by line: `COMMIT LINE-THEN LINE-NOW [COUNT]`; the text of a line begins with a tab. */
function parseBlame(text: string): ReadonlyMap<number, string> {
  const heads = text.matchAll(/^([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?$/gm);
  return new Map([...heads].map(([, commit = "", line]) => [Number(line), commit]));
}
