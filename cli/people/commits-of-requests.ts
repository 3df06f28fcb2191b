import { readFileSync } from "node:fs";
import path from "node:path";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { listName } from "../../providers/domain/request.ts";
import type { ReviewedRequest } from "../../review/review.ts";
import { DATA_FOLDERS } from "../overlay/judge-pull.ts";
import { runGit } from "../support/run-git.ts";
import { requireWholeHistory } from "../support/whole-history.ts";
import { type Entry, entriesOf } from "./entries.ts";
import { COMMIT_LINE, commitsOfLines, parseChanges } from "./line-history.ts";

/** Finds the commits of the main line that had a hand in what a request asks for. */
export type CommitsOf = (request: Pick<ReviewedRequest, "name" | "source" | "playbook">) => Promise<ReadonlySet<string>>;

/**
 * A request is what stands in its entry, in the CSV file that the entry names, and in the playbook
 * of the files that it follows. Each file's history is read once. Throws `ConfigurationError`
 * outside of git, for a history that is cut, and for an entry that is not where the review has it.
 */
export async function openCommitsOf(root: string, env: NodeJS.ProcessEnv): Promise<CommitsOf> {
  await requireWholeHistory(root, env);
  const histories = new Map<string, Promise<readonly ReadonlySet<string>[]>>();
  const historyOf = (file: string) => {
    const known = histories.get(file) ?? readHistory(root, file, env);
    histories.set(file, known);
    return known;
  };
  const playbooks = (await listed(root, DATA_FOLDERS[1], env)).flatMap((file) =>
    entriesOf(read(root, file), "playbooks").map((entry) => ({ ...entry, file })),
  );
  return async ({ name, source, playbook }) => {
    const entry = entryOf(entriesOf(read(root, source.file), "requests"), name, source.file);
    const parts = [inLines(await historyOf(source.file), entry)];
    if (entry.devicesFrom !== null) parts.push(await historyOf(path.posix.join(path.posix.dirname(source.file), entry.devicesFrom)));
    for (const own of playbooks.filter((one) => one.name === playbook)) parts.push(inLines(await historyOf(own.file), own));
    return new Set(parts.flat().flatMap((commits) => [...commits]));
  };
}

function entryOf(entries: readonly Entry[], name: string, file: string): Entry {
  const entry = entries.find((one) => one.name === listName(name));
  if (entry !== undefined) return entry;
  throw new ConfigurationError(`${file} has no request ${listName(name)}, and the review says that it has`, {
    hint: "run this in the checkout that the review is of",
  });
}

function inLines(lines: readonly ReadonlySet<string>[], { from, to }: Entry): readonly ReadonlySet<string>[] {
  return lines.slice(from - 1, to);
}

function read(root: string, file: string): string {
  return readFileSync(path.join(root, file), "utf8");
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
