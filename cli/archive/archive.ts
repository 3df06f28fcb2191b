import path from "node:path";
import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError, EXIT_CODES } from "../../providers/domain/errors.ts";
import { loadRequests } from "../../providers/request/load-requests.ts";
import { dlrCommand } from "../../providers/support/dlr-command.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { count } from "../../providers/support/words.ts";
import { allRecords } from "../support/all-records.ts";
import { fromCaller } from "../support/from-caller.ts";
import { type LedgerOfStack, openLedgerOfStack } from "../support/open-stores.ts";
import { parseTime } from "../support/parse-time.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import { renderForTerminal, wantsColour } from "../support/render-for-terminal.ts";
import { shellAtHand } from "../support/shell-at-hand.ts";
import { checkedSettings } from "../support/stack-settings.ts";
import type { StoreOptions } from "../support/store-locations.ts";
import { terminalWidth } from "../support/table.ts";
import { wordsOf } from "../support/words-of.ts";
import { type Entry, entriesOf } from "./entry.ts";
import { judgeEntries } from "./judge-entries.ts";
import { type ArchivePlan, planArchive, type RequestFiles } from "./plan-archive.ts";
import { type AllFolders, provePlan } from "./prove-plan.ts";
import { renderPlan } from "./render-plan.ts";
import { readRequestFile } from "./request-files.ts";
import { requireClean } from "./require-clean.ts";
import { checkPlaces, writeChanges } from "./write-changes.ts";

interface Flags extends StoreOptions {
  readonly olderThan: string;
  readonly requests?: string;
  readonly playbooks?: string;
  readonly dryRun: boolean;
}

/**
 * `dlr archive`: moves the files' entries that nothing will go on with into the archive, for one
 * commit that people review. Asks Graph nothing, and leaves ledger and state alone.
 */
export async function archive(said: readonly string[], told: Flags): Promise<void> {
  const { options } = await wordsOf("archive", said, { needed: 0, most: 0 }, told);
  const before = parseTime("--older-than", options.olderThan, systemClock.now()).from;
  const opened = await openLedgerOfStack(options, PROJECT_FOLDER);
  const folders = foldersOf(options, opened);
  const { requests, diagnostics } = await loadRequests({ root: PROJECT_FOLDER, ...folders });
  const mistakes = diagnostics.filter(({ severity }) => severity === "error");
  if (mistakes.length > 0) {
    console.error(`${renderForTerminal(mistakes, wantsColour(process.stderr, process.env))}\n`);
    console.error(`${count(mistakes.length, "mistake")}: nothing was written`);
    process.exitCode = EXIT_CODES.requests;
    return;
  }
  const entries = entriesOf(requests);
  const judged = judgeEntries(entries, await allRecords(opened.ledger), before);
  const plan = await planArchive(judged, await filesOf(entries, folders), folders);
  for (const line of renderPlan(plan, before, terminalWidth())) console.log(line);
  if (plan.changes.length === 0) return;
  const isInGit = options.dryRun || (await requireClean(folders.requests, [folders.requests, folders.archive], process.env));
  await checkPlaces(plan.changes, folders);
  await provePlan(plan, folders);
  if (options.dryRun) return console.error("--dry-run: nothing was written");
  await writeChanges(plan.changes, folders);
  for (const line of nextSteps(plan, folders, isInGit, opened.stack ?? undefined)) console.log(printable(line));
}

/** The archive stands beside the folder of requests, where no run reads it. */
function foldersOf(options: Flags, { settings }: LedgerOfStack): AllFolders {
  const configured = settings === null ? null : checkedSettings(settings);
  const folderOf = (name: "requests" | "playbooks") => {
    const asked = options[name];
    return asked === undefined
      ? path.resolve(PROJECT_FOLDER, configured?.[name] ?? path.join("devices", name))
      : fromCaller("archive", asked);
  };
  const [requests, playbooks] = [folderOf("requests"), folderOf("playbooks")];
  const folders = { requests, playbooks, archive: path.join(path.dirname(requests), "archive") };
  if ([requests, playbooks].some((folder) => `${folders.archive}${path.sep}`.startsWith(`${folder}${path.sep}`)))
    throw new ConfigurationError(`${folders.archive}, where the archive would be, is read by every run`, {
      hint: "put requests and playbooks into folders of their own",
    });
  return folders;
}

async function filesOf(entries: readonly Entry[], { requests }: AllFolders): Promise<RequestFiles> {
  const files = new Map<string, NonNullable<Awaited<ReturnType<typeof readRequestFile>>>>();
  for (const shown of new Set(entries.map(({ file }) => file))) {
    const name = path.relative(requests, path.resolve(PROJECT_FOLDER, shown)).replaceAll(path.sep, "/");
    const file = await readRequestFile(requests, name);
    if (file !== null) files.set(shown, file);
  }
  return files;
}

/** Commands stand on lines of their own: they are to be copied. */
function nextSteps({ judged }: ArchivePlan, folders: AllFolders, isInGit: boolean, stack: string | undefined): readonly string[] {
  const number = judged.reduce((sum, { kind, entry }) => (kind === "goes" ? sum + entry.members.length : sum), 0);
  const [requests, place] = [folders.requests, folders.archive].map((folder) => path.relative(process.cwd(), folder) || ".");
  const preview = dlrCommand("preview", stack, [], shellAtHand(process.env, process.platform));
  const commit = [
    `git add --all -- ${requests} ${place}`,
    `git commit -m "Archive ${count(number, "finished request")}"`,
    "and a pull request that has nothing else.",
  ];
  return [
    "",
    `wrote ${count(number, "request")} to ${place}. Next, in git:`,
    ...(isInGit ? commit : ["(this folder is in no checkout of git: keep both folders where people review them)"]),
    `Once it is merged, up takes them out of the state and does nothing to their devices: ${preview}`,
  ];
}
