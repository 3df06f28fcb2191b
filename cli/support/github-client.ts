import { Octokit } from "@octokit/core";
import { ConfigurationError, ProductError } from "../../providers/domain/errors.ts";
import type { PullRequest, RepositoryName } from "./pull-request.ts";

/** GitHub refused, or could not be reached. */
export class GitHubError extends ProductError {
  readonly code = "GITHUB";
  readonly disposition = "service";
  readonly status: number | null;

  constructor(message: string, options: { hint?: string; cause?: unknown; status: number | null }) {
    super(message, options);
    this.status = options.status;
  }
}

/** As the library has it. */
export type CommentId = number | bigint;

/** One comment of a pull request; `author` is the login, null for an account that was deleted. */
export interface Comment {
  readonly id: CommentId;
  readonly body: string;
  readonly author: string | null;
}

/** What we need of GitHub, for one pull request. Each method throws `GitHubError`. */
export interface GitHub {
  /** Commit and labels of the pull request, as they are now. */
  look(): Promise<{ readonly head: string; readonly labels: readonly string[] }>;
  /** Of all pages, oldest first. */
  comments(): AsyncIterable<Comment>;
  create(body: string): Promise<void>;
  update(id: CommentId, body: string): Promise<void>;
  addLabels(names: readonly string[]): Promise<void>;
  removeLabel(name: string): Promise<void>;
}

/** What we need of a whole repository. Each method throws `GitHubError`. */
export interface Repository {
  /** The pull request that was merged first of those that a commit came with; null without any. */
  pullRequestOf(commit: string): Promise<number | null>;
  /** A pull request, or an issue: its comments alone. */
  thread(number: number): GitHub;
}

/**
 * GitHub's own API version: what is asked for stays as it is.
 * https://docs.github.com/rest/about-the-rest-api/api-versions
 */
export const HEADERS = { "x-github-api-version": "2022-11-28" } as const;
const PAGE = 100;

/**
 * With the token of `GITHUB_TOKEN`, at the address that GitHub tells its runners. Throws
 * `ConfigurationError` without a token.
 */
export function openGitHub(pullRequest: PullRequest, env: NodeJS.ProcessEnv): GitHub {
  return gitHubOf(pullRequest, connect(env));
}

/** The same for all of a repository. */
export function openRepository({ owner, repository }: RepositoryName, env: NodeJS.ProcessEnv): Repository {
  const octokit = connect(env);
  return {
    pullRequestOf: (commit_sha) =>
      telling(async () => {
        const of = { owner, repo: repository, commit_sha, headers: HEADERS };
        const { data } = await octokit.request("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", of);
        const merged = data.flatMap(({ number, merged_at }) => (merged_at == null ? [] : [{ number, at: merged_at }]));
        return merged.sort((a, b) => (a.at < b.at ? -1 : 1))[0]?.number ?? null;
      }),
    thread: (number) => gitHubOf({ owner, repository, number }, octokit),
  };
}

/**
 * The library, with the token of `GITHUB_TOKEN`; what it throws is for `telling`. Throws
 * `ConfigurationError` without a token.
 */
export function connect({ GITHUB_TOKEN: auth, GITHUB_API_URL: baseUrl }: NodeJS.ProcessEnv): Octokit {
  if (!auth)
    throw new ConfigurationError("nobody is signed in to GitHub: there is no GITHUB_TOKEN", {
      hint: "in a workflow, give the step github.token as GITHUB_TOKEN",
    });
  return new Octokit({ auth, userAgent: "device-lifecycle", ...(baseUrl ? { baseUrl } : {}), log: SILENT });
}

function gitHubOf({ owner, repository: repo, number }: PullRequest, octokit: Octokit): GitHub {
  const ofPull = { owner, repo, pull_number: number, headers: HEADERS };
  const ofIssue = { owner, repo, issue_number: number, headers: HEADERS };
  return {
    look: () =>
      telling(async () => {
        const { data } = await octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", ofPull);
        return { head: data.head.sha, labels: data.labels.map(({ name }) => name) };
      }),
    async *comments() {
      const pages = pagesOf((page) =>
        telling(() => octokit.request("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", { ...ofIssue, ...page })),
      );
      for await (const data of pages) for (const { id, body, user } of data) yield { id, body: body ?? "", author: user?.login ?? null };
    },
    create: (body) =>
      telling(async () => void (await octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", { ...ofIssue, body }))),
    update: (comment_id, body) =>
      telling(
        async () =>
          void (await octokit.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
            owner,
            repo,
            comment_id,
            body,
            headers: HEADERS,
          })),
      ),
    addLabels: (labels) =>
      telling(
        async () =>
          void (await octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", { ...ofIssue, labels: [...labels] })),
      ),
    removeLabel: (name) =>
      telling(
        async () => void (await octokit.request("DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", { ...ofIssue, name })),
      ),
  };
}

interface PageOf<T> {
  readonly data: readonly T[];
  readonly headers: { readonly link?: string | undefined };
}

/**
 * Page after page of a list.
 * https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
 */
export async function* pagesOf<T>(
  ask: (page: { readonly per_page: number; readonly page: number }) => Promise<PageOf<T>>,
): AsyncIterable<readonly T[]> {
  for (let page = 1; ; page++) {
    const { data, headers } = await ask({ per_page: PAGE, page });
    yield data;
    if (headers.link?.includes('rel="next"') !== true) return;
  }
}

/** Errors are told by us, once. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {} } as const;

/** Does it, and throws `GitHubError` for whatever the library throws. */
export async function telling<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw tell(error);
  }
}

/**
 * By shape: the library throws its own class for an answer, and whatever the network throws for
 * none.
 */
function tell(error: unknown): GitHubError {
  if (!(error instanceof Error)) return new GitHubError("GitHub could not be asked", { cause: error, status: null });
  const status =
    "status" in error && typeof error.status === "number" && "response" in error && error.response !== undefined ? error.status : null;
  if (status === null)
    return new GitHubError("GitHub could not be reached", { cause: error, status, hint: "run it again; GITHUB_API_URL names the address" });
  const hint =
    status === 403 || status === 404 ? "the token needs the permission pull-requests: write in this repository" : "run it again later";
  return new GitHubError(`GitHub answered ${status}: ${error.message}`, { cause: error, status, hint });
}
