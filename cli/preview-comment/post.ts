import { parseMarker, shortName } from "../../review/markdown/markers.ts";
import { isBlocked, loses } from "../../review/markdown/tally.ts";
import type { Review } from "../../review/review.ts";
import { type Comment, type CommentId, type GitHub, GitHubError } from "../support/github-client.ts";

/** What a comment is made of: one of each stack stands in a pull request. */
export interface Post {
  readonly stack: string;
  /** The commit that was reviewed. */
  readonly head: string;
  /** Renders it for a pull request that has moved on to a commit, or has not. */
  readonly render: (movedTo: string | null) => string;
  /**
   * Whose comments may be ours. Anybody may write a marker, and whoever owns a comment may rewrite
   * it after us.
   */
  readonly author: string;
}

/** Writes the one comment that a pull request has of a stack. Gives back what it did, in words. */
export async function postComment(github: GitHub, { stack, head, render, author }: Post): Promise<string> {
  const now = await github.look();
  const movedTo = head === now.head ? null : now.head;
  const own = await findOwn(github, stack, author);
  // A run that took longer than the one after it must not take its word back.
  if (own !== null && movedTo !== null && parseMarker(own.body)?.head === now.head)
    return `the comment is of ${now.head} already: nothing was written`;
  const body = render(movedTo);
  if (own === null) {
    await github.create(body);
    return "a comment was made";
  }
  if (own.body === body) return "the comment says so already";
  return (await update(github, own.id, body)) ? "the comment was changed" : "the comment was gone, and was made anew";
}

/**
 * Marks what was said of a commit that is not the head any more, until the preview of the new one
 * is there.
 */
export async function markOutdated(github: GitHub, stack: string, author: string): Promise<string> {
  const { head } = await github.look();
  const own = await findOwn(github, stack, author);
  const marker = own === null ? null : parseMarker(own.body);
  if (own === null || marker === null || marker.head === head) return "nothing is outdated";
  if (/^\*\*Outdated:\*\*/m.test(own.body)) return "it is marked already";
  const [first = "", ...rest] = own.body.split("\n");
  const text = "**Outdated:** the pull request has moved on; a preview of it is on its way, or was refused.";
  await update(github, own.id, [first, text, "", ...rest].join("\n"));
  return "the comment was marked as outdated";
}

async function findOwn(github: GitHub, stack: string, author: string): Promise<Comment | null> {
  for await (const comment of github.comments()) {
    if (comment.author === author && parseMarker(comment.body)?.stack === shortName(stack)) return comment;
  }
  return null;
}

/** False where somebody deleted it meanwhile: then it was made anew. */
async function update(github: GitHub, id: CommentId, body: string): Promise<boolean> {
  try {
    await github.update(id, body);
    return true;
  } catch (error) {
    if (!(error instanceof GitHubError) || error.status !== 404) throw error;
    await github.create(body);
    return false;
  }
}

const DESTRUCTIVE_LABEL = "device-lifecycle/destructive";
const BLOCKED_LABEL = "device-lifecycle/blocked";

/** Sets the two labels as the review has it, and leaves all others alone. */
export async function setLabels(github: GitHub, { requests, refusals }: Review): Promise<string> {
  const wanted = [
    ...(requests.some(loses) ? [DESTRUCTIVE_LABEL] : []),
    ...(refusals.length > 0 || requests.some(isBlocked) ? [BLOCKED_LABEL] : []),
  ];
  const { labels } = await github.look();
  const missing = wanted.filter((label) => !labels.includes(label));
  const left = [DESTRUCTIVE_LABEL, BLOCKED_LABEL].filter((label) => labels.includes(label) && !wanted.includes(label));
  if (missing.length > 0) await github.addLabels(missing);
  for (const label of left) await removeLabel(github, label);
  return `labels: ${wanted.join(", ") || "none"}`;
}

async function removeLabel(github: GitHub, label: string): Promise<void> {
  try {
    await github.removeLabel(label);
  } catch (error) {
    // Somebody else took it away.
    if (!(error instanceof GitHubError) || error.status !== 404) throw error;
  }
}
