import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { listed } from "../../providers/support/words.ts";
import { runGit } from "../support/run-git.ts";

const SHOWN = 5;

/**
 * Throws `ConfigurationError` where git knows of changes in these folders: the commit is to hold
 * the archive and nothing else. Gives false outside of git.
 */
export async function requireClean(folder: string, paths: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  const args = ["status", "--porcelain", "--untracked-files=all", "-z", "--", ...paths];
  const status = await runGit(folder, args, env).catch(() => null);
  if (status === null) return false;
  const changed = status
    .toString("utf8")
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => line.slice(3));
  if (changed.length === 0) return true;
  const more = changed.length > SHOWN ? [`${changed.length - SHOWN} more`] : [];
  throw new ConfigurationError(
    printable(`git has changes that are not committed: ${listed([...changed.slice(0, SHOWN), ...more], "and")}`),
    {
      hint: "commit them or put them away first: what is reviewed should be the archive alone",
    },
  );
}
