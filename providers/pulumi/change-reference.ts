/** Variables of a CI run. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The reviewed change that a CI run performs, for whoever has to approve it in Intune: the pull request, else the commit. Null outside CI.
 * Sources: https://docs.github.com/actions/reference/workflows-and-actions/variables, https://learn.microsoft.com/azure/devops/pipelines/build/variables
 */
export function changeReference(env: Environment): string | null {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_REF, GITHUB_SHA } = env;
  if (GITHUB_SERVER_URL && GITHUB_REPOSITORY) {
    const repository = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`;
    const pull = /^refs\/pull\/(\d+)\//.exec(GITHUB_REF ?? "")?.[1];
    if (pull !== undefined) return `${repository}/pull/${pull}`;
    return GITHUB_SHA ? `${repository}/commit/${GITHUB_SHA}` : repository;
  }
  const { SYSTEM_PULLREQUEST_PULLREQUESTID, BUILD_REPOSITORY_URI, BUILD_SOURCEVERSION } = env;
  if (!BUILD_REPOSITORY_URI) return null;
  if (SYSTEM_PULLREQUEST_PULLREQUESTID) return `${BUILD_REPOSITORY_URI}/pullrequest/${SYSTEM_PULLREQUEST_PULLREQUESTID}`;
  return BUILD_SOURCEVERSION ? `${BUILD_REPOSITORY_URI}/commit/${BUILD_SOURCEVERSION}` : BUILD_REPOSITORY_URI;
}
