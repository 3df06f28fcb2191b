import { Command } from "commander";
import { drift } from "./drift/drift.ts";
import { oneStack } from "./support/one-stack.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";

interface Flags {
  readonly stack?: string;
  readonly json?: true;
}

/** The command `drift`. */
export function driftCommand(): Command {
  return new Command("dlr drift")
    .description("Looks again at the devices of finished requests, and tells which are not as the request left them. Sends nothing.")
    .argument("[STACK]", "the stack (default: the selected one)")
    .option("--stack <NAME>", "the same")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Drifted is: another Activation Lock bypass code than the escrowed one, another enrolment, or no device in Intune. A device that was wiped, retired
or deleted on purpose never is. Requests that are not finished are not looked at: the next up does that. What was seen is kept in the stack's state,
where previews tell it; it is Pulumi's refresh. A device that is missed for the first time cannot be told: run it again some minutes later.
Exit codes: 0 nothing has drifted, 2 wrong use, 3 Graph refused or could not be reached, or something cannot be told, 4 something has drifted.

Example:
  dlr drift prod`,
    )
    .action(async (word: string | undefined, { stack, ...flags }: Flags) => {
      const options = { env: process.env, root: PROJECT_FOLDER, say: (line: string) => console.error(line) };
      process.exitCode = await drift(oneStack(word, stack), flags, options);
    });
}
