import { ConfigurationError } from "../../providers/domain/errors.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import { PROJECT } from "../../providers/domain/project.ts";
import { meetLedger } from "../../providers/pulumi/meet-world.ts";
import { type OpenedPorts, openPorts } from "../../providers/pulumi/open-ports.ts";
import { missingLedger, openLedgerAt, pulumiOf } from "../support/open-stores.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import { checkedSettings, readStackSettings, type StackSettings } from "../support/stack-settings.ts";
import { brakeOf, renderWhere } from "../support/where.ts";

/** What a report is made from. */
export interface ReportSource {
  /** Stack, ledger and Graph, in one line. */
  readonly where: string;
  readonly records: readonly LedgerRecord[];
  readonly ports: Pick<OpenedPorts, "auditLog" | "fingerprint" | "fleet" | "senders">;
}

/** Without these nobody knows which tenant and which ledger a stack means. */
const TELLING: readonly string[] = ["graphEndpoint", "cloud", "tenant", "ledger"].map((key) => `${PROJECT}:${key}`);

/**
 * Says first where it is, reads the ledger and holds it against the stack's Graph: what was
 * escrowed in another tenant says nothing about this one. Nothing is recorded. Throws
 * `ConfigurationError`, `LedgerError`, `SignInError`.
 */
export async function openSource(stack: string | undefined, says: (text: string) => void): Promise<ReportSource> {
  const read = await readStackSettings(await pulumiOf(PROJECT_FOLDER, process.env), stack);
  refuseUnseen(read);
  const settings = checkedSettings(read);
  const ledger = openLedgerAt(settings.ledger, PROJECT_FOLDER, process.env);
  const place = { settings: read, ledger: settings.ledger };
  console.error(renderWhere(place, await brakeOf(ledger)));
  const ports = openPorts(settings, PROJECT_FOLDER, process.env, says);
  const { exists, records } = await ledger.read();
  // Runs against a double make their ledger by themselves: before the first there is none.
  if (!exists && !ports.isLoopbackGraph) throw missingLedger(ledger);
  const { doubt } = await meetLedger(records, ports, settings);
  if (doubt !== null) console.error(`warning: ${doubt}`);
  return { where: renderWhere(place), records, ports };
}

function refuseUnseen({ stack, unseen: { keys, why } }: StackSettings): void {
  const hidden = keys.filter((key) => TELLING.includes(key));
  if (hidden.length === 0) return;
  throw new ConfigurationError(`${hidden.join(", ")} of the stack ${stack} cannot be opened here${why}`);
}
