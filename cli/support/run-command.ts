import { type Command, CommanderError } from "commander";
import { printableLines } from "../../providers/domain/diagnostic.ts";
import { EXIT_CODES, ProductError } from "../../providers/domain/errors.ts";

/**
 * Runs one command to its exit code: 0 fine, 1 the requests are wrong, 2 wrong use, 3 Graph or a store refused or could not
 * be reached, 4 some request failed or is ambiguous. The action may set `process.exitCode` itself. People read messages, never stack traces,
 * unless DEBUG is set.
 */
export async function runCommand(command: Command): Promise<void> {
  try {
    await command.exitOverride().showHelpAfterError("(--help lists what can be said)").parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.wrongUse;
  if (error instanceof ProductError) {
    console.error(printableLines(error.hint === "" ? `error: ${error.message}` : `error: ${error.message}\n  help: ${error.hint}`));
    if (process.env.DEBUG) console.error(error);
    return EXIT_CODES[error.disposition];
  }
  console.error(printableLines(`error: ${error instanceof Error ? error.message : String(error)} (a bug of ours; DEBUG=1 shows where)`));
  if (process.env.DEBUG) console.error(error);
  return EXIT_CODES.bug;
}
