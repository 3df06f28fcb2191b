import { ConfigurationError } from "../../providers/domain/errors.ts";
import { runGit } from "./run-git.ts";

/**
 * Throws `ConfigurationError` outside of git, and where the history is cut: its first commit would
 * have brought everything.
 */
export async function requireWholeHistory(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const isCut = await runGit(folder, ["rev-parse", "--is-shallow-repository"], env).catch(() => null);
  if (isCut === null) throw new ConfigurationError(`${folder} is no checkout of git: nobody can tell which commit brought a request`);
  if (isCut.toString("utf8").trim() !== "false")
    throw new ConfigurationError("the history is cut: nobody can tell which commit brought a request", {
      hint: "fetch all of it: fetch-depth: 0 of actions/checkout, or git fetch --unshallow",
    });
}
