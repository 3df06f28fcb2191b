import { onceFor } from "../../providers/support/once.ts";
import { connect, HEADERS, pagesOf, telling } from "../support/github-client.ts";
import type { RepositoryName } from "../support/pull-request.ts";

/** Logins, in lower case; null where an account is not known. */
export type Logins = ReadonlySet<string> | null;

/** Who did what in a repository, as GitHub knows its accounts. Each method throws `GitHubError`. */
export interface GitHubPeople {
  /** Who wrote what a commit of the main branch brought. */
  authorsOf(commit: string): Promise<Logins>;
  /** Who opened an issue. */
  authorOfIssue(number: number): Promise<Logins>;
  /** Who let a run of a workflow into an environment, over all attempts of that run. */
  approversOf(run: number, environment: string): Promise<ReadonlySet<string>>;
}

/** GitHub lists no more commits of one pull request than these. */
const MOST_COMMITS = 250;

/** The account that stands for the committer of what is done in the browser: no person's. */
const WEB = "web-flow";

interface Account {
  readonly login: string;
}

/** What GitHub lists of a commit; null or empty where no account has the address. */
interface ListedCommit {
  readonly author: Account | object | null;
  readonly committer: Account | object | null;
}

/**
 * With the token of `GITHUB_TOKEN`. Throws `ConfigurationError` without one. A pull request and its
 * commits are asked for once.
 */
export function openGitHubPeople({ owner, repository: repo }: RepositoryName, env: NodeJS.ProcessEnv): GitHubPeople {
  const octokit = connect(env);
  const of = { owner, repo, headers: HEADERS };

  const ofPull = onceFor(async (pull_number: number, opener: string | undefined): Promise<Logins> => {
    const listed: ListedCommit[] = [];
    const pages = pagesOf((page) =>
      octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}/commits", { ...of, pull_number, ...page }),
    );
    for await (const commits of pages) listed.push(...commits);
    const opened: Logins = opener === undefined ? null : new Set([opener.toLowerCase()]);
    return listed.length >= MOST_COMMITS ? null : union([opened, ...listed.map(loginsOf)]);
  });

  async function ofCommit(commit_sha: string): Promise<Logins> {
    const { data } = await octokit.request("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", { ...of, commit_sha });
    const merged = data.filter(({ merged_at }) => merged_at != null);
    if (merged.length > 0) return union(await Promise.all(merged.map(({ number, user }) => ofPull(number, user?.login))));
    const { data: alone } = await octokit.request("GET /repos/{owner}/{repo}/commits/{ref}", { ...of, ref: commit_sha });
    return loginsOf(alone);
  }

  return {
    authorsOf: onceFor((commit) => telling(() => ofCommit(commit))),
    authorOfIssue: (issue_number) =>
      telling(async () => {
        const { data } = await octokit.request("GET /repos/{owner}/{repo}/issues/{issue_number}", { ...of, issue_number });
        return data.user == null ? null : new Set([data.user.login.toLowerCase()]);
      }),
    approversOf: (run_id, environment) =>
      telling(async () => {
        const { data } = await octokit.request("GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals", { ...of, run_id });
        const approved = data.filter(
          ({ state, environments }) => state === "approved" && environments.some(({ name }) => name === environment),
        );
        return new Set(approved.map(({ user }) => user.login.toLowerCase()));
      }),
  };
}

/** Nobody is known where one is not. */
export function union(all: readonly Logins[]): Logins {
  const known = all.flatMap((logins) => (logins === null ? [] : [logins]));
  return known.length < all.length ? null : new Set(known.flatMap((logins) => [...logins]));
}

/** Who wrote a commit, and who put it where it is, as GitHub finds them by their addresses. */
function loginsOf({ author, committer }: ListedCommit): Logins {
  if (!isAccount(author) || !isAccount(committer)) return null;
  return new Set([author.login, committer.login].map((login) => login.toLowerCase()).filter((login) => login !== WEB));
}

function isAccount(account: Account | object | null): account is Account {
  return account !== null && "login" in account && typeof account.login === "string";
}
