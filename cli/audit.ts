import { Command } from "commander";
import { audit } from "./audit/audit.ts";
import { withStores } from "./support/store-locations.ts";

/** The command `audit`. */
export function auditCommand(): Command {
  return withStores(new Command("dlr audit"))
    .description(
      "Who erased devices or took them out of management, by Intune's own records: each wipe, retire and delete of the tenant, and the request that explains it or FOREIGN. Reads, and changes nothing.",
    )
    .argument("[words...]", "[STACK]")
    .option("--since <TIME>", "since a day, or so long ago: 7d, 12h, 30m (default: 24h)")
    .option("--foreign", "show those alone that no request explains")
    .option("--fail-on-foreign", "exit with 4 where there is one")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Read from Intune's audit log (DeviceManagementApps.Read.All), else from beta's list of remote actions, which names no application. A request explains
an action by its client-request-id, where Intune repeats it, or by device, time and identity. What is not seen may come later: nobody documents how long
Intune takes. "reported": a run has told of it.

Exit codes: 0 fine, whatever is shown; 2 wrong use; 3 Graph or the ledger refused, or not all could be read;
4 something is foreign, and --fail-on-foreign is said.

Examples:
  dlr audit prod
  dlr audit prod --since 7d --foreign
  dlr audit prod --since 2026-11-20 --json --fail-on-foreign`,
    )
    .action(audit);
}
