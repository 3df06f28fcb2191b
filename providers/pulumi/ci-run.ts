/** Variables of a CI run. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Names the CI run that this process belongs to, the same in all jobs of one attempt: shards run
 * side by side. Null outside CI and where the service gives no such number. Sources:
 * https://docs.github.com/actions/reference/workflows-and-actions/variables,
 * https://learn.microsoft.com/azure/devops/pipelines/build/variables,
 * https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export function ciRunOf(env: Environment): string | null {
  const { GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_REPOSITORY, BUILD_BUILDID, SYSTEM_JOBATTEMPT, CI_PIPELINE_ID } = env;
  if (GITHUB_RUN_ID) return `GitHub run ${GITHUB_RUN_ID}, attempt ${GITHUB_RUN_ATTEMPT ?? "1"}, of ${GITHUB_REPOSITORY ?? "a repository"}`;
  if (BUILD_BUILDID) return `Azure Pipelines build ${BUILD_BUILDID}, attempt ${SYSTEM_JOBATTEMPT ?? "1"}`;
  if (CI_PIPELINE_ID) return `GitLab pipeline ${CI_PIPELINE_ID}`;
  return null;
}
