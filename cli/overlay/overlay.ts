import { appendFile, lstat, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError, EXIT_CODES } from "../../providers/domain/errors.ts";
import type { Review } from "../../review/review.ts";
import { renderReview } from "../../review/review-text.ts";
import { ARCHIVE_FOLDER, DATA_FOLDERS, type Judged, judgePull, type Why } from "./judge-pull.ts";
import { Git, type TreeEntry } from "./pull-tree.ts";

/** What the command was given. */
export interface Flags {
  readonly ref: string;
  readonly head: string;
  readonly stack: string;
  readonly review: string;
  readonly folder: string;
  readonly outputs?: string;
}

/** Lays the requests of a pull request over those of the branch that it goes to; all else stays. */
export async function overlay(flags: Flags, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const { ref, head, folder, outputs, review } = flags;
  if (!/^[0-9a-f]{40,64}$/.test(head)) throw new ConfigurationError(`--head: ${head} is not the hash of a commit`);
  if (!/^refs\/[\w./-]+$/.test(ref)) throw new ConfigurationError(`--ref: ${ref} is not the name of a ref`);
  const git = new Git(folder, env);
  const isThere = await git.fetchMerge(ref, head);
  const judged: Judged = isThere ? judgePull(await git.readTree([...DATA_FOLDERS, ARCHIVE_FOLDER])) : { kind: "refused", why: [CONFLICT] };
  if (judged.kind === "overlaid") await replaceFiles(folder, judged.entries, git);
  if (judged.kind === "refused") await writeFile(review, renderReview(refusedReview(flags, judged.why)));
  if (outputs !== undefined) await appendFile(outputs, `kind=${judged.kind}\n`);
  say(judged);
}

const CONFLICT: Why = {
  file: null,
  message: "what it would be once it is merged cannot be fetched",
  hint: "bring the pull request up to date with its branch: with conflicts there is no such thing",
};

/** All of them are judged before the first is touched. */
async function replaceFiles(root: string, entries: readonly TreeEntry[], git: Git): Promise<void> {
  for (const folder of ["devices", ...DATA_FOLDERS]) await refuseLink(path.join(root, folder));
  for (const folder of DATA_FOLDERS) await rm(path.join(root, folder), { recursive: true, force: true });
  for (const folder of DATA_FOLDERS) await mkdir(path.join(root, folder), { recursive: true });
  for (const entry of entries) {
    const file = path.join(root, entry.path);
    await mkdir(path.dirname(file), { recursive: true });
    // Two names that are one on this disk: the second would take the place of the first.
    await writeFile(file, await git.readFile(entry), { flag: "wx", mode: 0o644 });
  }
}

async function refuseLink(place: string): Promise<void> {
  const found = await lstat(place).catch(() => null);
  if (found !== null && !found.isDirectory()) throw new ConfigurationError(`${place} is no folder`);
}

function refusedReview({ stack, head }: Flags, why: readonly Why[]): Review {
  const nothing = { graph: null, tenant: null, ledger: null, guards: null, warnings: [], requests: [] } as const;
  const refusals = why.map(({ file, message, hint }) => ({ code: "PULL_REQUEST", message, hint, file, line: null, column: null }));
  return { format: 1, stack, commit: head, at: new Date().toISOString(), ...nothing, refusals };
}

function say(judged: Judged): void {
  switch (judged.kind) {
    case "nothing":
      console.error("the pull request has no requests and no policies: there is nothing to preview");
      return;
    case "overlaid":
      console.error(`${judged.entries.length} files of the pull request lie over those of the branch`);
      return;
    case "refused":
      for (const { file, message } of judged.why) console.error(printable(`${file ?? "the pull request"}: ${message}`));
      process.exitCode = EXIT_CODES.requests;
  }
}
