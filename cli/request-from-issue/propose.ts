import { sha256 } from "../../review/digest.ts";
import { code } from "../../review/markdown/escape.ts";
import type { NewFile } from "../adopt/request-text.ts";
import type { Wanted } from "../adopt/wanted.ts";
import { DATA_FOLDERS } from "../overlay/judge-pull.ts";
import type { AcceptedIssue } from "./accepted-issue.ts";
import type { Proposals } from "./proposals.ts";
import { renderProposal } from "./render-answer.ts";

/** What is there already, in words for the issue; `isDone` where nobody has to do more. */
export interface Standing {
  readonly text: string;
  readonly isDone: boolean;
}

/**
 * Makes the pull request of an issue, and says so in words for it. GitHub refuses where the branch
 * is there meanwhile. `commit`: where the form was checked.
 */
export async function propose(
  proposals: Proposals,
  issue: AcceptedIssue,
  { wanted, file, commit }: { readonly wanted: Wanted; readonly file: NewFile; readonly commit: string },
): Promise<string> {
  const number = await proposals.propose({
    branch: branchOf(issue.number),
    commit,
    base: issue.base,
    file: { path: `${DATA_FOLDERS[0]}/${file.name}`, text: file.text },
    title: `Device request of issue ${issue.number}`,
    body: renderProposal(issue, wanted, sha256(issue.body)),
  });
  return `**Proposed as #${number}**, as this form stood when it was accepted: an edit here changes nothing there.`;
}

/** The branch of an issue's request. */
export function branchOf(issue: number): string {
  return `device-request/${issue}`;
}

/**
 * What is there of an earlier acceptance, none of which is ever changed; null where nothing is in
 * the way.
 */
export async function standingOf(proposals: Proposals, branch: string): Promise<Standing | null> {
  const pulls = await proposals.pullsFrom(branch);
  const merged = pulls.find(({ state }) => state === "merged");
  if (merged !== undefined)
    return { text: `#${merged.number} was merged: nothing more comes of this issue. Open another one.`, isDone: true };
  const open = pulls.find(({ state }) => state === "open");
  if (open !== undefined) {
    const text = `#${open.number} is open, and has what was accepted before: nothing was changed. To have it made anew, close it, delete its branch, and label this again.`;
    return { text, isDone: true };
  }
  if (!(await proposals.hasBranch(branch))) return null;
  return { text: `The branch ${code(branch)} is there, without an open pull request: delete it, and label this again.`, isDone: false };
}
