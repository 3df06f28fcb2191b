import { count } from "../../providers/support/words.ts";
import { type GitHub, GitHubError, type Repository } from "../support/github-client.ts";
import { type EndedRequest, issueOf } from "./ended-requests.ts";
import { MOST_TOLD, renderOutcomes, toldIn } from "./render-outcomes.ts";

/** Whose comments are ours, and which ledger says so. */
export interface Teller {
  readonly author: string;
  readonly ledger: string;
}

/**
 * Tells each pull request, and each issue that a ticket names, what it was not told yet. Gives back
 * what it did, line by line. Throws `GitHubError`.
 */
export async function* tellAll(
  repository: Repository,
  byCommit: ReadonlyMap<string, readonly EndedRequest[]>,
  teller: Teller,
): AsyncIterable<string> {
  const threads = new Map<number, EndedRequest[]>();
  const add = (number: number | null, request: EndedRequest) => {
    if (number !== null) threads.set(number, [...(threads.get(number) ?? []), request]);
  };
  for (const [commit, requests] of byCommit) {
    const pull = await repository.pullRequestOf(commit);
    if (pull === null) yield `${commit} came with no pull request`;
    for (const request of requests) for (const number of new Set([pull, issueOf(request)])) add(number, request);
  }
  for (const [number, requests] of threads) yield `#${number}: ${await tell(repository.thread(number), requests, teller)}`;
  if (threads.size === 0) yield "nobody is to be told of anything";
}

async function tell(thread: GitHub, requests: readonly EndedRequest[], { author, ledger }: Teller): Promise<string> {
  try {
    const told = new Set<string>();
    for await (const comment of thread.comments()) {
      if (comment.author === author) for (const mark of toldIn(comment.body)) told.add(mark);
    }
    const news = requests.filter(({ mark }) => !told.has(mark)).slice(0, MOST_TOLD);
    if (news.length === 0) return "knows it already";
    await thread.create(renderOutcomes(news, ledger));
    return `was told of ${count(news.length, "request")}`;
  } catch (error) {
    // A ticket may name what is no issue here, or is no more: no reason to tell nobody else.
    if (error instanceof GitHubError && (error.status === 404 || error.status === 410)) return "there is no such issue";
    throw error;
  }
}
