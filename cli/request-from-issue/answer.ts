import { type GitHub, GitHubError } from "../support/github-client.ts";
import { ACCEPTED_LABEL } from "./accepted-label.ts";
import { isAnswer, renderAnswer } from "./render-answer.ts";

/** Tells an issue in the one comment that it has of ours. `author`: whose comments may be ours. */
export async function answer(thread: GitHub, text: string, author: string): Promise<void> {
  const body = renderAnswer(text);
  for await (const comment of thread.comments()) {
    if (comment.author !== author || !isAnswer(comment.body)) continue;
    if (comment.body !== body) await thread.update(comment.id, body);
    return;
  }
  await thread.create(body);
}

/** What is edited now is not what was accepted then. */
export async function takeLabelOff(thread: GitHub): Promise<void> {
  try {
    await thread.removeLabel(ACCEPTED_LABEL);
  } catch (error) {
    // Somebody else took it away.
    if (!(error instanceof GitHubError) || error.status !== 404) throw error;
  }
}
