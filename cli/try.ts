import { Command, Option } from "commander";
import { PROJECT_FOLDER } from "./support/project-folder.ts";
import { parsePort } from "./support/whole-number.ts";

/** The command `try`: stays until it is ended, as the emulator that it starts. */
export function tryCommand(): Command {
  return new Command("dlr try")
    .description("Makes a stack named try with a request of its own, and serves twelve emulated devices for it until Ctrl-C.")
    .addOption(new Option("--port <N>", "port of the emulator (default: 8787, or a free one)").argParser(parsePort))
    .option("--anew", "forget what earlier tries did: stack, ledger and escrow of try/; requests and playbooks stay")
    .addHelpText(
      "after",
      `
Requests, playbooks, ledger and escrow are in the folder try/, settings in Pulumi.try.yaml; git ignores both. Nothing else is touched, no other
stack is selected, and nothing goes to Microsoft. It prints the commands to type in a second terminal, and what reaches the devices.
Run again, it goes on: the ledger knows what was done, although the emulated devices are new each time.
Exit codes: 0 ended with Ctrl-C, 2 wrong use, 3 the Pulumi CLI cannot be had.

Example:
  dlr try`,
    )
    .action(async (flags) => {
      const { tryOut } = await import("./try/try-out.ts");
      await tryOut(flags, { env: process.env, root: PROJECT_FOLDER, say: (line) => console.error(line) });
    });
}
