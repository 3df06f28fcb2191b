import { plainText } from "../../notify/render/plain-text.ts";
import type { RunFile } from "../../notify/run-file.ts";
import { ConfigurationError, EXIT_CODES } from "../../providers/domain/errors.ts";
import { STANDING_WORDS, STANDINGS } from "../../providers/engine/standing.ts";
import { connect, HEADERS, telling } from "../support/github-client.ts";
import { repositoryOf } from "../support/pull-request.ts";

/** As GitHub has it, with the commit that it stands at. */
export interface CommitStatus {
  readonly state: "success" | "failure" | "error" | "pending";
  /** 140 characters at most. */
  readonly description: string;
  /** One for each stack. */
  readonly context: string;
}

const LONGEST_DESCRIPTION = 140;

/** Green, red, and yellow while somebody or something is waited for. */
export function statusOf({ stack, exitCode, totals }: RunFile): CommitStatus {
  const counts = STANDINGS.toReversed().flatMap((standing) => {
    const number = totals[standing] ?? 0;
    return number === 0 ? [] : [`${number} ${STANDING_WORDS[standing]}`];
  });
  const waits = ["pending", "awaitingApproval", "awaitingSignIn", "unfinished"].some((standing) => (totals[standing] ?? 0) > 0);
  return {
    state: stateOf(exitCode, waits),
    description: plainText(counts.length === 0 ? "no request" : counts.join(", "), LONGEST_DESCRIPTION),
    context: `device-lifecycle/${stack}`,
  };
}

function stateOf(exitCode: number, waits: boolean): CommitStatus["state"] {
  if (exitCode === EXIT_CODES.outcome) return "failure";
  if (exitCode !== 0) return "error";
  return waits ? "pending" : "success";
}

/**
 * Writes it at the commit that CI works on, with the token in `GITHUB_TOKEN`, which needs
 * `statuses: write`. Throws `ConfigurationError` outside of GitHub, and `GitHubError`.
 * https://docs.github.com/rest/commits/statuses#create-a-commit-status
 */
export async function postStatus(status: CommitStatus, targetUrl: string | null, env: NodeJS.ProcessEnv): Promise<void> {
  const { owner, repository: repo } = repositoryOf({}, env);
  const sha = env.GITHUB_SHA ?? "";
  if (!/^[0-9a-f]{40,64}$/.test(sha)) throw new ConfigurationError("which commit? GITHUB_SHA names none");
  const octokit = connect(env);
  await telling(async () => {
    await octokit.request("POST /repos/{owner}/{repo}/statuses/{sha}", {
      owner,
      repo,
      sha,
      ...status,
      ...(targetUrl === null ? {} : { target_url: targetUrl }),
      headers: HEADERS,
    });
  });
}
