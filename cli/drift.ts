import { Command } from "commander";
import { drift } from "./drift/drift.ts";
import { saveRunOption } from "./notify/save-run.ts";
import { oneStack } from "./support/one-stack.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";

interface Flags {
  readonly stack?: string;
  readonly json?: true;
  readonly saveRun?: string;
}

/** The command `drift`. */
export function driftCommand(): Command {
  return new Command("dlr drift")
    .description(
      "Looks again at devices and escrowed secrets of finished requests, and tells what is not as the request left it. Sends nothing.",
    )
    .argument("[STACK]", "the stack (default: the selected one)")
    .option("--stack <NAME>", "the same")
    .option("--json", "as JSON")
    .addOption(saveRunOption())
    .addHelpText(
      "after",
      `
Drifted is: another Activation Lock bypass code than the escrowed one, another enrolment, another device behind the id, no device in Intune, or an
escrowed secret that was deleted or disabled. A notice is: a wiped device that is enrolled again, a secret that expires within 30 days. What cannot be
seen is told as that, and never as gone. Of requests that are not finished it ends what Graph took, and sends nothing. Each finding is new, known or
resolved, with when it was first and last seen: kept in the stack's state, where previews and dlr status tell it. It is Pulumi's refresh.
A device that is missed for the first time cannot be told: run it again some minutes later.
Exit codes: 0 nothing has drifted, 2 wrong use, 3 Graph refused or could not be reached, or something cannot be told, 4 something has drifted.

Example:
  dlr drift prod`,
    )
    .action(async (word: string | undefined, { stack, ...flags }: Flags) => {
      const options = { env: process.env, root: PROJECT_FOLDER, say: (line: string) => console.error(line) };
      process.exitCode = await drift(oneStack(word, stack), flags, options);
    });
}
