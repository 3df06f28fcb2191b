import type { AuditedRecord } from "../domain/ledger-record.ts";

/**
 * The looks into Intune's audit that say all that `AuditMemory` makes of these: most others only
 * moved the mark on, and a later one moved it further. In their order.
 */
export function tellingLooks(looks: readonly AuditedRecord[]): readonly AuditedRecord[] {
  const failed = looks.findLastIndex(({ until }) => until === null);
  const sinceFailure = looks.slice(failed + 1);
  const telling = new Set<AuditedRecord | undefined>([
    ...looks.filter(({ foreign, stopped }) => foreign.length > 0 || stopped.length > 0),
    ...withNewSenders(looks),
    looks.find(({ senders, at }) => senders.length > 0 && !Number.isNaN(Date.parse(at))),
    newest(looks, ({ until }) => until),
    looks[failed],
    newest(sinceFailure, ({ at }) => at),
  ]);
  return looks.filter((look) => telling.has(look));
}

function withNewSenders(looks: readonly AuditedRecord[]): readonly AuditedRecord[] {
  const known = new Set<string>();
  return looks.filter(({ senders }) => {
    const before = known.size;
    for (const { application, user } of senders) known.add(`${application} ${user}`);
    return known.size > before;
  });
}

/** By a time that can be read. */
function newest(looks: readonly AuditedRecord[], timeOf: (look: AuditedRecord) => string | null): AuditedRecord | undefined {
  let [found, latest]: [AuditedRecord | undefined, number] = [undefined, Number.NEGATIVE_INFINITY];
  for (const look of looks) {
    const instant = Date.parse(timeOf(look) ?? "");
    if (instant > latest) [found, latest] = [look, instant];
  }
  return found;
}
