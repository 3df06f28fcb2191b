import { ciChangeOf } from "./ci-change.ts";

/**
 * The reviewed change that a CI run performs, for whoever has to approve it in Intune: the pull
 * request, else the commit. Null outside CI.
 */
export function changeReference(env: Readonly<Record<string, string | undefined>>): string | null {
  const { pullRequest, commitUrl, repository } = ciChangeOf(env);
  return pullRequest ?? commitUrl ?? repository;
}
