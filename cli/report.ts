import { type Command, Option } from "commander";
import { STANDINGS } from "../providers/engine/standing.ts";
import { FINDINGS } from "../report/activation-lock/choose-devices.ts";
import { activationLock } from "./report/activation-lock.ts";
import { FORMATS } from "./report/format.ts";
import { requests } from "./report/requests.ts";
import { LOCK_PLATFORMS, oneOf } from "./report/words.ts";
import { commandGroup } from "./support/command-group.ts";
import { withStores } from "./support/store-locations.ts";
import { wholeNumber } from "./support/whole-number.ts";

/** The command `report`, with one command below it for each kind of report. */
export function reportCommand(): Command {
  const command = commandGroup("dlr report").description("Reports of a stack. They read, and change nothing.");
  withStores(command.command("activation-lock"))
    .description(
      "Devices that can have the Activation Lock, whether Intune holds a bypass code for each, and whether it is in escrow. Asks Graph for the list of devices and for each code, looks whether there is one, and shows none.",
    )
    .argument("[words...]", "[STACK]")
    .addOption(new Option("--format <FORMAT>", "default: by the ending of FILE, else table").choices(FORMATS))
    .option("--out <FILE>", "write the report there (default: stdout)")
    .option("--platform <PLATFORM>", `only of these: ${LOCK_PLATFORMS.join(", ")}`, oneOf(LOCK_PLATFORMS))
    .option("--no-code", "show those for which Intune holds no code")
    .option("--not-escrowed", "show those without a code in escrow")
    .option("--stale", "show those whose escrowed code is of an earlier set-up, or not the one that Intune holds now")
    .option("--not-seen <DAYS>", "show those that did not check in for so many days", wholeNumber(1, 36_500))
    .option("--without-codes", "read no code at all")
    .option(
      "--fail-on <WHAT>",
      `exit with 4 where the report shows such devices: ${Object.keys(FINDINGS).join(", ")} (what could not be read counts as no-code)`,
      oneOf(Object.keys(FINDINGS)),
    )
    .addHelpText(
      "after",
      `
Lists of words are told with commas, or by saying the option again.

Exit codes: 0 fine, whatever the report shows; 2 wrong use; 3 Graph or the ledger refused, or not one code could be read;
4 the report shows what --fail-on names.

Examples:
  dlr report activation-lock prod
  dlr report activation-lock prod --not-escrowed --platform iPadOS,iOS
  dlr report activation-lock prod --out report.html
  dlr report activation-lock prod --format csv --out report.csv --fail-on no-code,stale`,
    )
    .action(activationLock);
  addRequests(command);
  return command;
}

function addRequests(command: Command): void {
  withStores(command.command("requests"), "ledger", "escrow")
    .description(
      "What was done to devices within a time: how each request ended, how long it took, who started it, which secrets were shown, settlements and the brake. Reads the ledger and audit.jsonl, and asks Graph nothing.",
    )
    .argument("[words...]", "[STACK]")
    .addOption(new Option("--format <FORMAT>", "default: by the ending of FILE, else table").choices(FORMATS))
    .option("--out <FILE>", "write the report there (default: stdout)")
    .option("--month <MONTH>", "of this month, in UTC: 2026-11")
    .option("--since <TIME>", "from then on: a day, or how long ago (7d, 12h)")
    .option("--until <TIME>", "up to then: a day, which counts as a whole, or how long ago")
    .option("--outcome <WORD>", `show those that stand so: ${STANDINGS.join(", ")}`, oneOf(STANDINGS))
    .option("--playbook <NAME>", "show those of this playbook")
    .option("--ticket <TICKET>", "show those of this ticket")
    .option("--person <NAME>", "show those whose run this person started")
    .option("--timeline", "tell the story of each request in a table, CSV or Markdown too")
    .option("--audit <FOLDER>", "where audit.jsonl is kept (default: the escrow folder; for a Key Vault the folder escrow)")
    .addHelpText(
      "after",
      `
Without a time it is about all that the ledger has. Lists of words are told with commas, or by saying the option again.

Exit codes: 0 fine, whatever the report shows; 2 wrong use; 3 the ledger or the escrow folder cannot be read.

Examples:
  dlr report requests prod --month 2026-11
  dlr report requests prod --month 2026-11 --out report.html
  dlr report requests prod --since 7d --outcome failed,ambiguous --timeline
  dlr report requests prod --format csv --timeline --out timeline.csv`,
    )
    .action(requests);
}
