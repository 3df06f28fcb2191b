import { Command } from "commander";
import { PROJECT_FOLDER } from "./support/project-folder.ts";

/** The command `doctor`: changes nothing. */
export function doctorCommand(): Command {
  return new Command("dlr doctor")
    .description(
      "Looks at everything that a run of the stack needs, and says of each whether it is ok, missing or unknown. Changes nothing.",
    )
    .argument("[STACK]", "the stack (default: the selected one)")
    .option("--stack <NAME>", "the same")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Looked at: Node, packages, Pulumi, backend, stack, settings, requests; sign-in, Graph, this machine's clock, tenant, the permissions that the
requests need; ledger, its world and its brake, escrow and its readers. Below what is not ok stands what to type. What could not be looked at is
unknown, never ok: it may be right or wrong. Nothing is installed, written or sent; one device's id is read.
Exit codes: 0 all ok, 2 something is missing, 3 nothing is missing and something is unknown.

Example:
  dlr doctor prod`,
    )
    .action(async (stack: string | undefined, flags) => {
      const { doctor } = await import("./doctor/doctor.ts");
      const options = { env: process.env, root: PROJECT_FOLDER, say: (line: string) => console.error(line) };
      process.exitCode = await doctor(stack, flags, options);
    });
}
