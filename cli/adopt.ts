import { Command, Option } from "commander";
import { adopt } from "./adopt/adopt.ts";

/** The command `adopt`. */
export function adoptCommand(): Command {
  return new Command("dlr adopt")
    .description(
      "Writes a request for the devices of a list that Intune, Autopilot or a script exported, or for a form that somebody filled in.",
    )
    .argument("<FILE>", "a list (.csv), or a form (.json, devices/schema/form.schema.json)")
    .option("--playbook <NAME>", "for a list: what is done")
    .option("--reason <TEXT>", "for a list: why")
    .option("--ticket <TICKET>", "for a list: number of the ticket")
    .option("--expires <DAY>", "for a list: last day (UTC) on which it may run, YYYY-MM-DD")
    .option("--acknowledge <WORDS...>", "for a list: what the steps demand, such as dataLoss")
    .addOption(
      new Option("--by <COLUMN>", "for a list: name its devices by this (default: serialNumber, where it has them)").choices([
        "serialNumber",
        "id",
      ]),
    )
    .option("--name <NAME>", "of the request and its file (default: made from the name of FILE)")
    .option("--requests <FOLDER>", "where the request goes (default: devices/requests)")
    .option("--playbooks <FOLDER>", "your own playbooks (default: devices/playbooks)")
    .option("--dry-run", "print what would be written", false)
    .addHelpText(
      "after",
      `
Of a list it keeps the serial numbers, or Intune's ids, and what the playbook takes of each device; all else stays behind. No file is ever written
over, and nothing is written where anything is wrong, with the list, the form, or the requests that are there already.
Exit codes: 0 fine, 1 something is wrong with the list or the form, 2 wrong use.

Examples:
  dlr adopt leavers.csv --playbook unlock-and-wipe --reason "Leavers of June" --expires 2026-12-31 --acknowledge dataLoss physicalPossession
  dlr adopt form.json --dry-run`,
    )
    .action(adopt);
}
