import { inspect } from "node:util";
import { type Command, CommanderError } from "commander";
import { printableLines } from "../../providers/domain/diagnostic.ts";
import { EXIT_CODES, ProductError } from "../../providers/domain/errors.ts";
import { hideSecrets } from "../../providers/support/hide-secrets.ts";
import { tellUnexpected } from "../../providers/support/unexpected-error.ts";
import { PROJECT_FOLDER } from "./project-folder.ts";

/**
 * Runs one command to its exit code: 0 fine, 1 the requests are wrong, 2 wrong use, 3 Graph or a
 * store refused or could not be reached, 4 some request failed or is ambiguous. The action may set
 * `process.exitCode` itself. People read messages, never stack traces, unless DEBUG is set; of what
 * is none of our errors they read where its details are.
 */
export async function runCommand(command: Command, args: readonly string[] = process.argv.slice(2)): Promise<void> {
  await orReport(async () => {
    await command.exitOverride().showHelpAfterError("(--help lists what can be said)").parseAsync(args, { from: "user" });
  });
}

/** What it throws is told, and becomes the exit code. */
export async function orReport(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.wrongUse;
  if (error instanceof ProductError) {
    console.error(printableLines(error.hint === "" ? `error: ${error.message}` : `error: ${error.message}\n  help: ${error.hint}`));
    if (process.env.DEBUG) console.error(printableLines(hideSecrets(inspect(error), process.env)));
    return EXIT_CODES[error.disposition];
  }
  console.error(`error: ${tellUnexpected(error, { root: PROJECT_FOLDER, env: process.env })}`);
  return EXIT_CODES.bug;
}
