/**
 * The page of a run at its CI service, by the variables that the service sets; null elsewhere, and
 * for what is no https address. Sources:
 * https://docs.github.com/actions/reference/workflows-and-actions/variables,
 * https://learn.microsoft.com/azure/devops/pipelines/build/variables,
 * https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export function runUrlOf(env: Readonly<Record<string, string | undefined>>): string | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, CI_PIPELINE_URL: pipeline } = env;
  const { SYSTEM_COLLECTIONURI: collection, SYSTEM_TEAMPROJECT: project, BUILD_BUILDID: build } = env;
  if (server && repository && run) return httpsOnly(`${server}/${repository}/actions/runs/${run}`);
  if (collection && project && build) return httpsOnly(`${collection}${encodeURIComponent(project)}/_build/results?buildId=${build}`);
  return pipeline ? httpsOnly(pipeline) : null;
}

function httpsOnly(text: string): string | null {
  const url = URL.parse(text);
  return url?.protocol === "https:" ? url.href : null;
}
