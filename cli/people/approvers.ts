import { appendFile } from "node:fs/promises";
import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { APPROVERS } from "../../providers/domain/run-variables.ts";
import { listed } from "../../providers/support/words.ts";
import { fromCaller } from "../support/from-caller.ts";
import { repositoryOf } from "../support/pull-request.ts";
import { openGitHubPeople } from "./github-people.ts";

interface Flags {
  readonly environment: string;
  readonly run?: string;
  readonly outputs?: string;
  readonly repository?: string;
}

/**
 * `dlr people approvers`: who let this run of the workflow into its environment. GitHub does not
 * say which attempt of a run somebody approved: of two people in a run that was started again,
 * either may have approved the attempt before, and then nobody is known.
 */
export async function approvers(flags: Flags): Promise<void> {
  const run = flags.run ?? process.env.GITHUB_RUN_ID ?? "";
  if (!/^[1-9]\d{0,18}$/.test(run)) throw new ConfigurationError("which run? say --run ID");
  const isAgain = (process.env.GITHUB_RUN_ATTEMPT ?? "1") !== "1";
  const found = [
    ...(await openGitHubPeople(repositoryOf(flags, process.env), process.env).approversOf(Number(run), flags.environment)),
  ].sort();
  const isUnsure = isAgain && found.length > 1;
  const known = isUnsure ? [] : found;
  if (flags.outputs !== undefined) await appendFile(fromCaller("people approvers", flags.outputs), `${APPROVERS}=${known.join(",")}\n`);
  else console.log(known.join("\n"));
  console.error(printable(isUnsure ? unsure(found) : told(known, flags.environment)));
}

function told(known: readonly string[], environment: string): string {
  return known.length === 0 ? `nobody approved this run for ${environment}` : `approved for ${environment} by ${listed(known, "and")}`;
}

function unsure(found: readonly string[]): string {
  return `this run was started again, and GitHub does not say who of ${listed(found, "and")} approved which attempt: start a new run`;
}
