import { readFileSync } from "node:fs";
import path from "node:path";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { listName } from "../../providers/domain/request.ts";
import { onceFor } from "../../providers/support/once.ts";
import type { ReviewedRequest } from "../../review/review.ts";
import { DATA_FOLDERS } from "../overlay/judge-pull.ts";
import { type FileEntry, readFileEntries } from "../support/file-entries.ts";
import { runGit } from "../support/run-git.ts";
import { requireWholeHistory } from "../support/whole-history.ts";
import { COMMIT_LINE, commitsOfLines, parseChanges } from "./line-history.ts";

/** Finds the commits of the main line that had a hand in what a request asks for. */
export type CommitsOf = (request: Pick<ReviewedRequest, "name" | "source" | "playbook">) => Promise<ReadonlySet<string>>;

/**
 * A request is what stands in its entry, in the CSV file that the entry names, and in the playbook
 * of the files that it follows. Each file is read once, and so is its history; members of one list
 * share the answer. Throws `ConfigurationError` outside of git, for a history that is cut, and for
 * an entry that is not where the review has it.
 */
export async function openCommitsOf(root: string, env: NodeJS.ProcessEnv): Promise<CommitsOf> {
  await requireWholeHistory(root, env);
  const linesOf = onceFor((file: string) => readHistory(root, file, env));
  const requestsIn = onceFor(async (file: string) => entriesOf(root, file, "requests"));
  const playbooks = (await listed(root, DATA_FOLDERS[1], env)).flatMap((file) =>
    entriesOf(root, file, "playbooks").map((entry) => ({ ...entry, file })),
  );
  // Names are unique over all files.
  const commitsOf = onceFor(async (name: string, file: string, playbook: string | null) => {
    const entry = (await requestsIn(file)).find((one) => one.name === name);
    if (entry === undefined) throw notThere(file, name);
    const parts = [inLines(await linesOf(file), entry)];
    if (entry.devicesFrom !== null) parts.push(await linesOf(path.posix.join(path.posix.dirname(file), entry.devicesFrom)));
    for (const own of playbooks.filter((one) => one.name === playbook)) parts.push(inLines(await linesOf(own.file), own));
    return new Set(parts.flat().flatMap((commits) => [...commits]));
  });
  return ({ name, source: { file }, playbook }) => commitsOf(listName(name), file, playbook);
}

function notThere(file: string, name: string): ConfigurationError {
  return new ConfigurationError(`${file} has no request ${name}, and the review says that it has`, {
    hint: "run this in the checkout that the review is of",
  });
}

function inLines(lines: readonly ReadonlySet<string>[], { first, last }: FileEntry): readonly ReadonlySet<string>[] {
  return lines.slice(first, last + 1);
}

function entriesOf(root: string, file: string, list: "requests" | "playbooks"): readonly FileEntry[] {
  return readFileEntries(readFileSync(path.join(root, file), "utf8"), list)?.entries ?? [];
}

async function listed(root: string, folder: string, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const files = (await runGit(root, ["ls-files", "-z", "--", folder], env)).toString("utf8").split("\0");
  return files.filter((file) => /\.ya?ml$/.test(file));
}

/** A merge counts as one commit: it is what a pull request came with. */
async function readHistory(root: string, file: string, env: NodeJS.ProcessEnv): Promise<readonly ReadonlySet<string>[]> {
  const form = ["--no-color", "--no-ext-diff", "--no-textconv", "--text", "-p", "-U0", `--format=${COMMIT_LINE}`];
  const line = ["--first-parent", "--diff-merges=first-parent", "--follow"];
  const log = (await runGit(root, ["log", ...line, ...form, "HEAD", "--", file], env)).toString("utf8");
  return commitsOfLines(parseChanges(log));
}
