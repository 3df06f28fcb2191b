import { execFile } from "node:child_process";
import { hostname, userInfo } from "node:os";
import { promisify } from "node:util";
import type { Provenance } from "../domain/request-record.ts";
import { ciChangeOf, named } from "./ci-change.ts";
import { ciRunOf } from "./ci-run.ts";

/** What git says of the project's folder. */
export interface GitFacts {
  /**
   * Full hash; ends in `-dirty` where files differ from the commit. Null outside a repository, and
   * where git does not answer.
   */
  readonly commit: string | null;
  /** `user.email` of git's configuration. */
  readonly email: string | null;
}

/**
 * Which run acts. Git's commit comes first, because it tells of the files that are there, changed
 * ones too; a CI service tells only of what it meant to check out. `person` is who acts where no CI
 * service names somebody.
 */
export function provenanceOf(env: Readonly<Record<string, string | undefined>>, git: GitFacts, person: string = userAtHost()): Provenance {
  const change = ciChangeOf(env);
  const who = change.who ?? named(person, git.email ?? undefined) ?? null;
  return { commit: git.commit ?? change.commit, pullRequest: change.pullRequest, ciRun: ciRunOf(env), who };
}

/**
 * Asks git about a folder. Never throws and takes two seconds at most: without git, without a
 * repository and after an error it knows nothing.
 */
export async function readGit(root: string, env: NodeJS.ProcessEnv = process.env): Promise<GitFacts> {
  const [status, email] = await Promise.all([runGit(STATUS, root, env), runGit(["config", "--get", "user.email"], root, env)]);
  return { commit: commitOf(status ?? ""), email: email?.trim() || null };
}

/**
 * Changes nothing, runs no program that the repository's configuration names, and looks at this
 * folder only.
 */
const STATUS = [
  "--no-optional-locks",
  "-c",
  "core.fsmonitor=false",
  "status",
  "--porcelain=v2",
  "--branch",
  "--untracked-files=all",
  "--",
  ".",
];

/**
 * The commit in what `git status --porcelain=v2 --branch` prints. Source:
 * https://git-scm.com/docs/git-status#_porcelain_format_version_2
 */
function commitOf(status: string): string | null {
  const [, commit] = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(status) ?? [];
  if (commit === undefined) return null;
  return status.split("\n").some(isDifference) ? `${commit}-dirty` : commit;
}

/**
 * A tracked file that was changed, or a new one that requests or settings could come from: stores
 * grow new files in every run.
 */
function isDifference(line: string): boolean {
  return /^[12u] /.test(line) || /^\? .*\.(ya?ml|csv)"?$/i.test(line);
}

const GIT_LIMITS = { timeout: 2_000, maxBuffer: 16 * 1024 * 1024, windowsHide: true } as const;

async function runGit(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  try {
    return (await promisify(execFile)("git", args, { ...GIT_LIMITS, cwd, env })).stdout;
  } catch {
    return null;
  }
}

/**
 * The account and the machine, such as `anna@build-7`. A container may run as a number that has no
 * account.
 */
export function userAtHost(): string {
  return `${accountName()}@${hostname()}`;
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
