import { readFile } from "node:fs/promises";
import path from "node:path";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { type Composed, compose } from "../adopt/compose.ts";
import type { Wanted } from "../adopt/wanted.ts";
import { DATA_FOLDERS } from "../overlay/judge-pull.ts";
import type { AcceptedIssue } from "./accepted-issue.ts";
import { type IssueForm, parseIssueForm } from "./issue-form.ts";
import { readAnswers } from "./read-answers.ts";
import { wantedOf, wordsOf } from "./wanted-of.ts";

/** What is read of an issue: a request that may be proposed, or its mistakes. */
export interface ReadIssue {
  readonly wanted: Wanted;
  readonly composed: Composed;
}

/**
 * Reads what was accepted by the form that the checkout has, and has it judged with the requests
 * that are there. `now` in milliseconds since the epoch. Throws `ConfigurationError` without a
 * form.
 */
export async function readIssue(issue: Pick<AcceptedIssue, "number" | "body">, root: string, now: number): Promise<ReadIssue> {
  const form = await readIssueForm(root);
  const answers = readAnswers(issue.body, form);
  if (answers.kind === "wrong") return { wanted: wantedOf(issue.number, form, new Map()).wanted, composed: answers };
  const { wanted, mistakes } = wantedOf(issue.number, form, answers.answers);
  if (mistakes.length > 0) return { wanted, composed: { kind: "wrong", mistakes } };
  const [requests, playbooks] = DATA_FOLDERS;
  const folders = {
    requests: path.join(root, requests),
    playbooks: path.join(root, playbooks),
    schemas: path.join(root, "devices", "schema"),
  };
  return { wanted, composed: await compose(wanted, folders, wordsOf(form), now) };
}

const FORM = ".github/ISSUE_TEMPLATE/device-request.yml";

async function readIssueForm(root: string): Promise<IssueForm> {
  try {
    return parseIssueForm(await readFile(path.join(root, FORM), "utf8"));
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    throw new ConfigurationError(`the issue form ${FORM} cannot be read`, { cause });
  }
}
