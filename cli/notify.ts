import { Command } from "commander";
import { WANTED_WORDS } from "../notify/wanted.ts";
import { notify } from "./notify/notify.ts";

/** The command `notify`. */
export function notifyCommand(): Command {
  return new Command("dlr notify")
    .description("Tells a webhook, Teams and Slack what a run has to tell. Asks nothing of Graph, the ledger or the state.")
    .option("--run <FILE...>", "what dlr up or dlr drift wrote with --save-run")
    .option("--test", "sends one event that says that it is a test, to see whether it arrives")
    .option("--commit-status", "writes how the requests stand at the commit, with the token in GITHUB_TOKEN")
    .addHelpText(
      "after",
      `
Who is told, by the environment alone; each is a secret, and stands in no output:
  DLR_NOTIFY_WEBHOOK          an https address: gets each event as a CloudEvent, signed as Standard Webhooks are
  DLR_NOTIFY_WEBHOOK_SECRET   whsec_ and base64; two with a space while one takes the other's place
  DLR_NOTIFY_TEAMS            address of a Teams workflow: "When a Teams webhook request is received"
  DLR_NOTIFY_SLACK            address of an incoming webhook
  DLR_NOTIFY_ON               what is told (default: all but pending): ${WANTED_WORDS.slice(0, 7).join(", ")},
                              ${WANTED_WORDS.slice(7).join(", ")}
Exit codes: 0 all were told, or nobody is to be; 2 wrong use or a wrong variable, 3 somebody could not be told.

Examples:
  dlr notify --test
  dlr up prod --yes --save-run run.json; dlr notify --run run.json`,
    )
    .action(async (flags: Parameters<typeof notify>[0]) => {
      process.exitCode = await notify(flags, process.env);
    });
}
