import type { NotifyEvent } from "../../notify/event.ts";
import { eventOf } from "../../notify/event-id.ts";
import { printable } from "../../providers/domain/diagnostic.ts";
import { ProductError } from "../../providers/domain/errors.ts";
import type { LedgerRecord } from "../../providers/domain/ledger-record.ts";
import type { Stop } from "../../providers/ledger/brake-stops.ts";
import type { OpenedLedger } from "../../providers/ledger/open-ledger.ts";
import { AUDIT_WHO, describeActor } from "../../providers/rules/audit/judge-foreign.ts";
import { openLedgerAt } from "../support/open-stores.ts";
import { checkedSettings, type StackSettings } from "../support/stack-settings.ts";
import type { RunTimes } from "./collect-run.ts";

/** What a ledger has of looks into Intune's audit log. */
interface AuditNews {
  readonly records: readonly LedgerRecord[];
  readonly stops: readonly Stop[];
}

/**
 * The ledger after a run. Where it cannot be read the run has ended all the same: that is said, and
 * what looks found is left to the next one who reads it.
 */
export async function readAuditNews(settings: StackSettings, root: string, env: NodeJS.ProcessEnv): Promise<AuditNews> {
  if (settings.unseen.keys.length > 0) return { records: [], stops: [] };
  const ledger: Pick<OpenedLedger, "read" | "stops" | "close"> = openLedgerAt(checkedSettings(settings).ledger, root, env);
  try {
    const { exists, records } = await ledger.read();
    return { records, stops: exists ? await ledger.stops() : [] };
  } catch (error) {
    if (!(error instanceof ProductError)) throw error;
    console.error(printable(`what others did is not in the file of --save-run: ${error.message}`));
    return { records: [], stops: [] };
  } finally {
    await ledger.close();
  }
}

/**
 * What looks since the start of a run found that no request explains, and the brake that they set.
 */
export function auditEvents({ records, stops }: AuditNews, { stack, startedAt }: RunTimes): readonly NotifyEvent[] {
  const looks = records.flatMap((record) => (record.kind === "audited" && Date.parse(record.at) >= startedAt ? [record] : []));
  const foreign = looks
    .flatMap((look) => look.foreign)
    .map(({ event, action, at, device, deviceName, actor }) =>
      eventOf(
        {
          kind: "foreignAction",
          action,
          device: { id: device, serialNumber: null, deviceName },
          who: describeActor(actor),
          entry: event,
        },
        stack,
        at,
      ),
    );
  const set = stops
    .flatMap((stop) => (stop.kind === "set" && stop.who === AUDIT_WHO && Date.parse(stop.at) >= startedAt ? [stop] : []))
    .map(({ reason, who, at }) => eventOf({ kind: "brake", state: "set", reason, who, held: [] }, stack, at));
  return [...set, ...foreign];
}
