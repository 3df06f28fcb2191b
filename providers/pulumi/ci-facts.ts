import type { CiFacts } from "../rules/safety-settings.ts";
import { isCi } from "../support/ci.ts";
import { ciChangeOf } from "./ci-change.ts";
import { ciRunOf } from "./ci-run.ts";
import type { GitFacts } from "./provenance.ts";

/**
 * Which run of a build service this is; null elsewhere. `CI=false` alone makes no other of a run
 * that has a number. Git tells of the files that are there, so its commit counts before the
 * service's; git is asked in CI only.
 */
export async function ciFactsOf(env: NodeJS.ProcessEnv, readGit: () => Promise<Pick<GitFacts, "commit">>): Promise<CiFacts | null> {
  const run = ciRunOf(env);
  if (run === null && !isCi(env)) return null;
  const { commit } = await readGit();
  return { run, commit: commit?.replace(/-dirty$/, "") ?? ciChangeOf(env).commit };
}
