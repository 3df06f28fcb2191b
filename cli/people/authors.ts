import { writeFile } from "node:fs/promises";
import path from "node:path";
import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { count } from "../../providers/support/words.ts";
import type { Review, ReviewedRequest } from "../../review/review.ts";
import { renderReview } from "../../review/review-text.ts";
import { issueOf } from "../outcome-comment/ended-requests.ts";
import { fromCaller } from "../support/from-caller.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import { repositoryOf } from "../support/pull-request.ts";
import { readReview } from "../support/read-review.ts";
import { openCommitsOf } from "./commits-of-requests.ts";
import { type Logins, openGitHubPeople, union } from "./github-people.ts";

interface Flags {
  readonly review?: string;
  readonly folder?: string;
  readonly repository?: string;
}

/**
 * `dlr people authors`: writes into the review who wrote each of its requests. A request whose
 * author is not known has `null` there: nobody is taken for its author.
 */
export async function authors(flags: Flags): Promise<void> {
  if (flags.review === undefined) throw new ConfigurationError("which review? say --review FILE");
  const file = fromCaller("people authors", flags.review);
  const { review } = await readReview(file);
  const people = openGitHubPeople(repositoryOf(flags, process.env), process.env);
  const commitsOf = review.requests.length === 0 ? null : await openCommitsOf(path.resolve(flags.folder ?? PROJECT_FOLDER), process.env);
  const requests: ReviewedRequest[] = [];
  for (const request of review.requests) {
    const issue = issueOf(request);
    const asked: Promise<Logins>[] = issue === null ? [] : [people.authorOfIssue(issue)];
    for (const commit of (await commitsOf?.(request)) ?? []) asked.push(people.authorsOf(commit));
    requests.push({ ...request, authors: inOrder(union(await Promise.all(asked))) });
  }
  await writeFile(file, renderReview({ ...review, requests }));
  console.error(printable(summary({ ...review, requests })));
}

/** Without any hand in it a request has no known author either. */
function inOrder(logins: Logins): readonly string[] | null {
  return logins === null || logins.size === 0 ? null : [...logins].sort();
}

function summary({ requests }: Pick<Review, "requests">): string {
  const unknown = requests.filter(({ authors: who }) => who == null).map(({ name }) => name);
  const all = new Set(requests.flatMap(({ authors: who }) => who ?? []));
  const told = `${count(requests.length, "request")} by ${all.size === 1 ? "1 person" : `${all.size} people`}`;
  return unknown.length === 0
    ? told
    : `${told}; nobody knows who wrote ${unknown.slice(0, 10).join(", ")}${unknown.length > 10 ? ", …" : ""}`;
}
