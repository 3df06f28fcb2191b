import { connect, GitHubError, HEADERS, telling } from "../support/github-client.ts";
import type { RepositoryName } from "../support/pull-request.ts";

/** A pull request of one branch. */
export interface Pull {
  readonly number: number;
  readonly state: "open" | "closed" | "merged";
}

/** One file on a branch of its own, and the pull request for it. */
export interface Proposal {
  readonly branch: string;
  /** The commit that it was checked on, which is of the branch that it goes to. */
  readonly commit: string;
  readonly base: string;
  readonly file: { readonly path: string; readonly text: string };
  /** Of the commit, and of the pull request. */
  readonly title: string;
  readonly body: string;
}

/** What we need of a repository to propose something. Each method throws `GitHubError`. */
export interface Proposals {
  /** Whether somebody has the role "triage" or more, now. */
  mayTriage(login: string): Promise<boolean>;
  /** All that there were from a branch of this repository, the newest first. */
  pullsFrom(branch: string): Promise<readonly Pull[]>;
  hasBranch(branch: string): Promise<boolean>;
  /** Gives the pull request's number. Changes nothing that is there; leaves no branch behind. */
  propose(proposal: Proposal): Promise<number>;
}

const ROLES: readonly string[] = ["triage", "write", "maintain", "admin"];

/** With the token of `GITHUB_TOKEN`. Throws `ConfigurationError` without one. */
export function openProposals({ owner, repository: repo }: RepositoryName, env: NodeJS.ProcessEnv): Proposals {
  const octokit = connect(env);
  const here = { owner, repo, headers: HEADERS };
  const makeBranch = ({ branch, commit }: Proposal) =>
    telling(() => octokit.request("POST /repos/{owner}/{repo}/git/refs", { ...here, ref: `refs/heads/${branch}`, sha: commit }));
  // Without the SHA of a file that is there, GitHub writes over none.
  const writeFile = ({ branch, title, file }: Proposal) =>
    telling(() =>
      octokit.request("PUT /repos/{owner}/{repo}/contents/{path}", {
        ...here,
        path: file.path,
        branch,
        message: title,
        content: Buffer.from(file.text, "utf8").toString("base64"),
      }),
    );
  const openPull = ({ branch, base, title, body }: Proposal) =>
    telling(() => octokit.request("POST /repos/{owner}/{repo}/pulls", { ...here, head: branch, base, title, body }));
  return {
    mayTriage: (username) =>
      unlessAbsent(false, async () => {
        const answer = await octokit.request("GET /repos/{owner}/{repo}/collaborators/{username}/permission", { ...here, username });
        const { role_name: role, permission, user } = answer.data;
        // A role of the organisation's own has another name, and the rights of the one below it.
        return ROLES.includes(role) || permission === "write" || permission === "admin" || user?.permissions?.triage === true;
      }),
    pullsFrom: (branch) =>
      telling(async () => {
        const query = { ...here, state: "all", head: `${owner}:${branch}`, per_page: 100 } as const;
        const { data } = await octokit.request("GET /repos/{owner}/{repo}/pulls", query);
        const own = data.filter(({ head }) => head.ref === branch && head.repo?.full_name === `${owner}/${repo}`);
        return own.map(({ number, state, merged_at }) => ({
          number,
          state: merged_at != null ? "merged" : state === "open" ? "open" : "closed",
        }));
      }),
    hasBranch: (branch) =>
      unlessAbsent(false, async () => {
        await octokit.request("GET /repos/{owner}/{repo}/git/ref/{ref}", { ...here, ref: `heads/${branch}` });
        return true;
      }),
    async propose(proposal) {
      await makeBranch(proposal);
      try {
        await writeFile(proposal);
        return (await openPull(proposal)).data.number;
      } catch (error) {
        await octokit.request("DELETE /repos/{owner}/{repo}/git/refs/{ref}", { ...here, ref: `heads/${proposal.branch}` }).catch(() => {});
        throw error instanceof GitHubError && error.status === 403 ? notAllowed(error) : error;
      }
    },
  };
}

async function unlessAbsent<T>(absent: T, work: () => Promise<T>): Promise<T> {
  try {
    return await telling(work);
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return absent;
    throw error;
  }
}

/** By far the most frequent reason: a new repository forbids it. */
function notAllowed(cause: GitHubError): GitHubError {
  const hint = "Settings, Actions, General: “Allow GitHub Actions to create and approve pull requests”; then label the issue again";
  return new GitHubError(cause.message, { cause, status: cause.status, hint });
}
