import { readFile } from "node:fs/promises";
import { printable, printableLines } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError, EXIT_CODES } from "../../providers/domain/errors.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { code } from "../../review/markdown/escape.ts";
import { renderMistake } from "../adopt/render-mistake.ts";
import type { Mistake } from "../adopt/wanted.ts";
import { fromCaller } from "../support/from-caller.ts";
import { openRepository } from "../support/github-client.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import { repositoryOf } from "../support/pull-request.ts";
import { type AcceptedIssue, parseAcceptedIssue } from "./accepted-issue.ts";
import { answer, takeLabelOff } from "./answer.ts";
import { openProposals } from "./proposals.ts";
import { branchOf, propose, standingOf } from "./propose.ts";
import { readIssue } from "./read-issue.ts";
import { renderMistakes } from "./render-answer.ts";

/** As typed; what is absent is taken from the job's variables. */
export interface Flags {
  readonly event?: string;
  readonly base?: string;
  readonly folder?: string;
  readonly repository?: string;
  readonly post: boolean;
  readonly author: string;
}

/**
 * `dlr request-from-issue`: makes the pull request of an accepted issue form, or answers what is
 * wrong with it. Throws `ConfigurationError` for an event that is none, `GitHubError`.
 */
export async function requestFromIssue(flags: Flags): Promise<void> {
  const root = flags.folder === undefined ? PROJECT_FOLDER : fromCaller("request-from-issue", flags.folder);
  const issue = parseAcceptedIssue(await readEvent(flags.event ?? process.env.GITHUB_EVENT_PATH));
  if (flags.post) return post(issue, root, flags);
  const { composed } = await readIssue(issue, root, systemClock.now());
  if (composed.kind === "wrong") return refuse(composed.mistakes);
  for (const { text } of composed.files) console.log(printableLines(text));
}

async function post(issue: AcceptedIssue, root: string, flags: Flags): Promise<void> {
  const repository = repositoryOf(flags, process.env);
  const commit = commitOf(flags.base ?? process.env.GITHUB_SHA);
  const proposals = openProposals(repository, process.env);
  const thread = openRepository(repository, process.env).thread(issue.number);
  const { login, isPerson } = issue.labeller;
  const say = async (text: string, isDone: boolean) => {
    await answer(thread, text, flags.author);
    if (isDone) return;
    await takeLabelOff(thread);
    process.exitCode = EXIT_CODES.requests;
  };
  if (!isPerson || !(await proposals.mayTriage(login))) {
    console.error(printable(`${login} may not accept requests`));
    return await say(
      `${code(login)} may not accept requests: that takes a person with the role “triage” or more. The label was taken off.`,
      false,
    );
  }
  const standing = await standingOf(proposals, branchOf(issue.number));
  if (standing !== null) {
    console.error(printable(standing.text));
    return await say(standing.text, standing.isDone);
  }
  const { wanted, composed } = await readIssue(issue, root, systemClock.now());
  if (composed.kind === "wrong") {
    refuse(composed.mistakes);
    return await say(renderMistakes(composed.mistakes), false);
  }
  const [file] = composed.files;
  if (file === undefined) throw new TypeError("a request has a file");
  const proposed = await propose(proposals, issue, { wanted, file, commit });
  console.error(printable(proposed));
  await say(proposed, true);
}

async function readEvent(file: string | undefined): Promise<string> {
  if (!file) throw new ConfigurationError("which event? say --event FILE");
  try {
    return await readFile(fromCaller("request-from-issue", file), "utf8");
  } catch (cause) {
    throw new ConfigurationError(`the event ${file} cannot be read`, { cause });
  }
}

/** A branch could be another one by the time that it is read. */
function commitOf(said: string | undefined): string {
  if (said !== undefined && /^[0-9a-f]{40}$/.test(said)) return said;
  throw new ConfigurationError("on which commit? say --base SHA");
}

function refuse(mistakes: readonly Mistake[]): void {
  for (const mistake of mistakes) console.error(`${renderMistake(mistake)}\n`);
  process.exitCode = EXIT_CODES.requests;
}
