import type { Clock } from "../../domain/ports.ts";
import type { EditedRecord, Provenance } from "../../domain/request-record.ts";
import type { OpenedLedger } from "../../ledger/open-ledger.ts";
import type { ResolvedRequest } from "./resolved-request.ts";

/**
 * What the program needs to write: it gives the ledger back, for the process that sends takes its
 * lock next.
 */
interface EditPorts {
  readonly ledger: Pick<OpenedLedger, "append" | "close" | "withDevice">;
  readonly clock: Pick<Clock, "now">;
}

/**
 * Records new words of the requester for requests that have ended: the provider is never called for
 * them again. Those that go on record it themselves.
 */
export async function recordEdits(
  entries: readonly ResolvedRequest[],
  ports: EditPorts,
  provenance: () => Promise<Provenance>,
): Promise<void> {
  const edited = entries.filter(isEdited);
  if (edited.length === 0) return;
  const run = await provenance();
  const at = new Date(ports.clock.now()).toISOString();
  for (const entry of edited) {
    await ports.ledger.withDevice(entry.plan.device.id, () => ports.ledger.append(recordOf(entry, run, at)));
  }
  await ports.ledger.close();
}

function isEdited({ request, history: { why, begun }, isEnded }: ResolvedRequest): boolean {
  if (!isEnded || begun === null || why === null) return false;
  return why.reason !== request.reason || why.ticket !== request.ticket;
}

function recordOf({ request, plan }: ResolvedRequest, run: Provenance, at: string): EditedRecord {
  const { reason, ticket, source } = request;
  return { kind: "edited", key: plan.key, at, why: { reason, ticket, source: `${source.file}:${source.line}`, ...run } };
}
