import { readFileSync } from "node:fs";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { isObject, parseJson } from "../../providers/domain/json.ts";

/** A repository of GitHub's. */
export interface RepositoryName {
  readonly owner: string;
  readonly repository: string;
}

/** The pull request that a comment goes to. */
export interface PullRequest extends RepositoryName {
  readonly number: number;
}

/** As typed; what is absent is taken from the job's variables. */
export interface PullRequestFlags {
  readonly repository?: string;
  readonly pullRequest?: string;
}

/** By the flag, else by what GitHub tells its runners. Throws `ConfigurationError`. */
export function repositoryOf(flags: Pick<PullRequestFlags, "repository">, env: NodeJS.ProcessEnv): RepositoryName {
  const [, owner, repository] = /^([\w.-]+)\/([\w.-]+)$/.exec(flags.repository ?? env.GITHUB_REPOSITORY ?? "") ?? [];
  if (owner === undefined || repository === undefined) throw new ConfigurationError("which repository? say --repository OWNER/NAME");
  return { owner, repository };
}

/** By the flags, else by what GitHub tells its runners. Throws `ConfigurationError`. */
export function pullRequestOf(flags: PullRequestFlags, env: NodeJS.ProcessEnv): PullRequest {
  const place = repositoryOf(flags, env);
  const number = flags.pullRequest ?? /^refs\/pull\/(\d+)\//.exec(env.GITHUB_REF ?? "")?.[1] ?? numberOfEvent(env);
  if (!/^[1-9]\d{0,9}$/.test(number)) throw new ConfigurationError("which pull request? say --pull-request NUMBER");
  return { ...place, number: Number(number) };
}

/** The head of the pull request that the workflow was started for; undefined elsewhere. */
export function headOfEvent(env: NodeJS.ProcessEnv): string | undefined {
  const head = eventOf(env)?.head;
  return isObject(head) && typeof head.sha === "string" ? head.sha : undefined;
}

function numberOfEvent(env: NodeJS.ProcessEnv): string {
  const number = eventOf(env)?.number;
  return typeof number === "number" ? `${number}` : "";
}

/** https://docs.github.com/webhooks/webhook-events-and-payloads#pull_request */
function eventOf({ GITHUB_EVENT_PATH: file }: NodeJS.ProcessEnv): Readonly<Record<string, unknown>> | undefined {
  if (!file) return undefined;
  const event = parseJson(readFileSync(file, "utf8"));
  return isObject(event) && isObject(event.pull_request) ? event.pull_request : undefined;
}
