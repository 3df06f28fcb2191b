import { appendFile, writeFile } from "node:fs/promises";
import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { savesReview } from "../../providers/support/dlr-command.ts";
import { sha256 } from "../../review/digest.ts";
import { COMMENT_ROWS, MOST_BYTES, ROOM_FOR_MARK, renderComment } from "../../review/markdown/comment.ts";
import { hasWork } from "../../review/markdown/tally.ts";
import type { Review } from "../../review/review.ts";
import { fromCaller } from "../support/from-caller.ts";
import { type GitHub, openGitHub } from "../support/github-client.ts";
import { headOfEvent, type PullRequestFlags, pullRequestOf } from "../support/pull-request.ts";
import { readReview } from "../support/read-review.ts";
import { markOutdated, postComment, setLabels } from "./post.ts";

/** As typed; files are relative to where the command was typed. */
export interface Flags extends PullRequestFlags {
  readonly review?: string;
  readonly post: boolean;
  readonly labels: boolean;
  readonly markOutdated: boolean;
  readonly stack?: string;
  readonly host: "github" | "azure" | "gitlab";
  readonly out?: string;
  readonly summary?: string;
  readonly outputs?: string;
  readonly whole: string;
  readonly head?: string;
  readonly author: string;
}

/**
 * Writes one review as a comment, a file or a summary, or prints it. Throws `ConfigurationError`
 * for flags that miss something.
 */
export async function previewComment(flags: Flags): Promise<void> {
  if (flags.markOutdated) return markOnly(flags);
  if (flags.review === undefined)
    throw new ConfigurationError("which review? say --review FILE", { hint: `${savesReview(undefined)} writes it` });
  if ((flags.post || flags.labels) && flags.host !== "github")
    throw new ConfigurationError(`only GitHub is posted to: for ${flags.host}, post what --out FILE has`);
  const file = fromCaller("preview-comment", flags.review);
  const { text, review } = await readReview(file);
  const head = flags.head ?? headOfEvent(process.env) ?? review.commit;
  const common = { head, sha256: sha256(text), whole: printable(flags.whole) };
  const render = (movedTo: string | null) =>
    renderComment(review, { ...common, movedTo, mostRows: COMMENT_ROWS, mostBytes: MOST_BYTES[flags.host] - ROOM_FOR_MARK });
  if (flags.summary !== undefined) {
    const all = { ...common, movedTo: null, mostRows: Number.POSITIVE_INFINITY, mostBytes: MOST_BYTES.summary };
    await appendFile(fromCaller("preview-comment", flags.summary), renderComment(review, all));
  }
  if (flags.outputs !== undefined)
    await appendFile(fromCaller("preview-comment", flags.outputs), `sha256=${common.sha256}\nwork=${hasWork(review)}\n`);
  if (flags.out !== undefined) await writeFile(fromCaller("preview-comment", flags.out), render(null));
  if (flags.post || flags.labels) return post(flags, review, head, render);
  if (flags.out === undefined && flags.summary === undefined && flags.outputs === undefined) process.stdout.write(render(null));
}

async function post(flags: Flags, review: Review, head: string | null, render: (movedTo: string | null) => string): Promise<void> {
  const github = gitHubOf(flags);
  if (flags.post) say(await postComment(github, { stack: review.stack, head: knownHead(head), render, author: flags.author }));
  if (flags.labels) say(await setLabels(github, review));
}

/**
 * Throws for a review of no known commit: nobody could tell whether the pull request has moved on.
 */
function knownHead(head: string | null): string {
  if (head !== null) return head;
  throw new ConfigurationError("which commit was reviewed? say --head SHA");
}

async function markOnly(flags: Flags): Promise<void> {
  if (flags.stack === undefined) throw new ConfigurationError("of which stack? say --stack NAME");
  say(await markOutdated(gitHubOf(flags), flags.stack, flags.author));
}

function gitHubOf(flags: Flags): GitHub {
  return openGitHub(pullRequestOf(flags, process.env), process.env);
}

function say(text: string): void {
  console.error(printable(text));
}
