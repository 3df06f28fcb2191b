import path from "node:path";
import { printable } from "../../providers/domain/diagnostic.ts";
import { loadRequests } from "../../providers/request/load-requests.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { count } from "../../providers/support/words.ts";
import { DATA_FOLDERS } from "../overlay/judge-pull.ts";
import { allRecords } from "../support/all-records.ts";
import { openRepository } from "../support/github-client.ts";
import { knownRequests } from "../support/known-requests.ts";
import { openLedgerOf } from "../support/open-stores.ts";
import { parseTime } from "../support/parse-time.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import { repositoryOf } from "../support/pull-request.ts";
import type { StoreOptions } from "../support/store-locations.ts";
import { wordsOf } from "../support/words-of.ts";
import { openBlame } from "./blame.ts";
import { type EndedRequest, endedSince } from "./ended-requests.ts";
import { renderOutcomes } from "./render-outcomes.ts";
import { tellAll } from "./tell.ts";

interface Flags extends StoreOptions {
  readonly post: boolean;
  readonly since: string;
  readonly folder?: string;
  readonly repository?: string;
  readonly author: string;
}

/**
 * `dlr outcome-comment`: tells each pull request how its requests ended, or prints what it would
 * tell.
 */
export async function outcomeComment(said: readonly string[], told: Flags): Promise<void> {
  const { options } = await wordsOf("outcome-comment", said, { needed: 0, most: 0 }, told);
  const root = path.resolve(options.folder ?? PROJECT_FOLDER);
  const ledger = await openLedgerOf(options, PROJECT_FOLDER);
  const since = parseTime("--since", options.since, systemClock.now()).from;
  const [requests, playbooks] = DATA_FOLDERS;
  const loaded = await loadRequests({ root, requests, playbooks });
  const ended = endedSince(knownRequests(await allRecords(ledger)), loaded, since, ledger.describe());
  const byCommit = await groupByCommit(ended, root);
  if (!options.post) return print(byCommit, ledger.describe());
  const repository = openRepository(repositoryOf(options, process.env), process.env);
  for await (const line of tellAll(repository, byCommit, { author: options.author, ledger: ledger.describe() }))
    console.error(printable(line));
}

/** Without those that no commit has yet. */
async function groupByCommit(ended: readonly EndedRequest[], root: string): Promise<ReadonlyMap<string, readonly EndedRequest[]>> {
  if (ended.length === 0) return new Map();
  const commitOf = await openBlame(root, process.env);
  const groups = new Map<string, readonly EndedRequest[]>();
  for (const request of ended) {
    const commit = await commitOf(request.line);
    if (commit !== null) groups.set(commit, [...(groups.get(commit) ?? []), request]);
  }
  return groups;
}

function print(byCommit: ReadonlyMap<string, readonly EndedRequest[]>, ledger: string): void {
  for (const [commit, requests] of byCommit) console.log(`${commit}\n${renderOutcomes(requests, ledger)}`);
  if (byCommit.size === 0) console.error("nothing has ended since then of what is in the files");
  else console.error(`${count(byCommit.size, "commit")}; --post tells the pull requests that they came with`);
}
