import { EscrowError } from "../../providers/domain/errors.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { describeWorld } from "../../providers/domain/world.ts";
import { meetLedger } from "../../providers/pulumi/meet-world.ts";
import type { OpenedPorts } from "../../providers/pulumi/open-ports.ts";
import type { Settings } from "../../providers/pulumi/settings.ts";
import { worldIn } from "../../providers/rules/world-rules.ts";
import { count } from "../../providers/support/words.ts";
import type { CommandWriter } from "../support/command-writer.ts";
import { knownRequests } from "../support/known-requests.ts";
import { brakeOf } from "../support/where.ts";
import { type Finding, missing, ok, unknown } from "./row.ts";

/** What a ledger holds. */
type Read = { readonly exists: boolean; readonly records: readonly LedgerRecord[] };

/** Whether the ledger is there and can be read. A double's is made by the first run. */
export function lookAtLedger(ports: OpenedPorts, { exists, records }: Read, command: CommandWriter): Finding {
  if (exists) return ok(`${ports.ledger.describe()}: ${count(knownRequests(records).length, "request")}`);
  if (ports.isLoopbackGraph) return ok(`${ports.ledger.describe()}: the first run against the emulator makes it`);
  return missing(`there is no ${ports.ledger.describe()}`, command("ledger init"));
}

/** Whether the ledger is of the Graph and the tenant that runs would be about; records nothing. */
export async function lookAtWorld(ports: OpenedPorts, settings: Settings, { records }: Read): Promise<Finding> {
  const meeting = await meetLedger(records, ports, settings);
  const world = worldIn(records);
  if (world === null) return ok(`none yet: the first run makes it ${describeWorld(meeting.run)}`);
  return meeting.doubt === null ? ok(describeWorld(world)) : missing(meeting.doubt, `set \`tenant\``);
}

/** Whether something keeps everything from being sent. */
export async function lookAtBrake(ports: OpenedPorts, { exists }: Read, command: CommandWriter): Promise<Finding> {
  if (!exists) return ports.isLoopbackGraph ? ok("none yet") : unknown("it is of the ledger, which is not there");
  const reason = await brakeOf(ports.ledger);
  return reason === null ? ok("off") : missing(`set, nothing is sent: ${reason}`, command("resume"));
}

/**
 * Whether secrets could be put into escrow and somebody could read them, as far as that shows
 * without putting one.
 */
export async function lookAtEscrow(ports: OpenedPorts, { escrow }: Settings, command: CommandWriter): Promise<Finding> {
  const leftOut = await ports.checkEscrow().catch(orUnusable);
  if ("state" in leftOut) return leftOut;
  await ports.reachEscrow();
  if (leftOut.length > 0) {
    const keys = leftOut.map(({ key }) => key).join(", ");
    return missing(`${count(leftOut.length, "reader")} not proven, nothing is encrypted to them: ${keys}`, command("recipients confirm"));
  }
  const readers = await ports.describeReaders();
  return ok(`${escrow} answers; readers: ${ports.isLoopbackGraph && readers === "nobody" ? "the emulator's own" : readers}`);
}

/** What is checked first is seen on this machine alone: no service is in doubt. */
function orUnusable(error: unknown): Finding {
  if (error instanceof EscrowError) return missing(error.message, error.hint);
  throw error;
}
