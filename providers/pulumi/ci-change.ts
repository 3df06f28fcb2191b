/** Variables of a CI run. */
type Environment = Readonly<Record<string, string | undefined>>;

/** What a CI service tells of the change that it runs, and of who started the run. */
export interface CiChange {
  /** Address of the repository. */
  readonly repository: string | null;
  readonly commit: string | null;
  readonly commitUrl: string | null;
  readonly pullRequest: string | null;
  readonly who: string | null;
}

const OUTSIDE_CI: CiChange = { repository: null, commit: null, commitUrl: null, pullRequest: null, who: null };

/**
 * Reads names, numbers, hashes and addresses only, and no address keeps what stands before its `@`
 * or after its `?`: some services put a token there. Sources:
 * https://docs.github.com/actions/reference/workflows-and-actions/variables,
 * https://learn.microsoft.com/azure/devops/pipelines/build/variables,
 * https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export function ciChangeOf(env: Environment): CiChange {
  return fromGitHub(env) ?? fromAzurePipelines(env) ?? fromGitLab(env) ?? OUTSIDE_CI;
}

function fromGitHub(env: Environment): CiChange | null {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_REF, GITHUB_SHA, GITHUB_TRIGGERING_ACTOR, GITHUB_ACTOR } = env;
  if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY) return null;
  const pull = /^refs\/pull\/(\d+)\//.exec(GITHUB_REF ?? "")?.[1];
  const paths = { commit: "/commit/", pull: "/pull/" };
  const reported = { address: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`, commit: GITHUB_SHA, pull, paths };
  return changeOf(reported, GITHUB_TRIGGERING_ACTOR || GITHUB_ACTOR);
}

/**
 * Azure Pipelines builds repositories of GitHub too: those pull requests have a number besides the
 * id.
 */
function fromAzurePipelines(env: Environment): CiChange | null {
  const { BUILD_REPOSITORY_URI, BUILD_SOURCEVERSION, BUILD_REQUESTEDFOR, BUILD_REQUESTEDFOREMAIL } = env;
  const { SYSTEM_PULLREQUEST_PULLREQUESTID, SYSTEM_PULLREQUEST_PULLREQUESTNUMBER } = env;
  if (!BUILD_REPOSITORY_URI) return null;
  const paths = { commit: "/commit/", pull: SYSTEM_PULLREQUEST_PULLREQUESTNUMBER ? "/pull/" : "/pullrequest/" };
  const pull = SYSTEM_PULLREQUEST_PULLREQUESTNUMBER || SYSTEM_PULLREQUEST_PULLREQUESTID;
  const reported = { address: BUILD_REPOSITORY_URI, commit: BUILD_SOURCEVERSION, pull, paths };
  return changeOf(reported, named(BUILD_REQUESTEDFOR, BUILD_REQUESTEDFOREMAIL));
}

function fromGitLab(env: Environment): CiChange | null {
  const { CI_PROJECT_URL, CI_COMMIT_SHA, CI_MERGE_REQUEST_PROJECT_URL, CI_MERGE_REQUEST_IID, GITLAB_USER_LOGIN } = env;
  if (!CI_PROJECT_URL) return null;
  const paths = { commit: "/-/commit/", pull: "/-/merge_requests/" };
  const change = changeOf({ address: CI_PROJECT_URL, commit: CI_COMMIT_SHA, pull: undefined, paths }, GITLAB_USER_LOGIN);
  const target = { address: CI_MERGE_REQUEST_PROJECT_URL ?? CI_PROJECT_URL, commit: undefined, pull: CI_MERGE_REQUEST_IID, paths };
  return { ...change, pullRequest: changeOf(target, undefined).pullRequest };
}

interface ReportedChange {
  readonly address: string;
  readonly commit: string | undefined;
  readonly pull: string | undefined;
  /** What stands between a repository's address and a commit or a number. */
  readonly paths: { readonly commit: string; readonly pull: string };
}

function changeOf({ address, commit, pull, paths }: ReportedChange, who: string | undefined): CiChange {
  const repository = plainAddress(address);
  const hash = /^[0-9a-f]{3,64}$/i.test(commit ?? "") ? (commit ?? null) : null;
  const number = /^\d{1,19}$/.test(pull ?? "") ? (pull ?? null) : null;
  const under = (path: string, name: string | null) => (repository === null || name === null ? null : `${repository}${path}${name}`);
  return {
    repository,
    commit: hash,
    commitUrl: under(paths.commit, hash),
    pullRequest: under(paths.pull, number),
    who: who?.trim() || null,
  };
}

/** `Anna Lee (anna@example.com)`, or whichever of the two is there. */
export function named(name: string | undefined, email: string | undefined): string | undefined {
  return name && email && name !== email ? `${name} (${email})` : name || email;
}

/**
 * The address of a repository, without user, password, query and `.git`; null for what is no web
 * address.
 */
function plainAddress(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, host, pathname } = new URL(text);
  if (protocol !== "https:" && protocol !== "http:") return null;
  return `${protocol}//${host}${pathname.replace(/(\.git)?\/*$/, "")}`;
}
