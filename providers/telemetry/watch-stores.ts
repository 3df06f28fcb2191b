import type { ActionLedger, EscrowStore } from "../domain/ports.ts";
import { UNWATCHED, type Watch, watched } from "../domain/watch.ts";

/** The same ledger, whose reads and appends are seen. */
export function watchLedger<L extends ActionLedger>(ledger: L, watch: Watch): L {
  if (watch === UNWATCHED) return ledger;
  const seen: Pick<ActionLedger, "read" | "append" | "appendUnless"> = {
    read: () =>
      watched(watch, ["ledgerRead", {}], async (span) => {
        const contents = await ledger.read();
        span.note({ count: contents.count });
        return contents;
      }),
    append: (record) => watched(watch, ["ledgerAppend", { record: record.kind }], () => ledger.append(record)),
    appendUnless: (record, objection) =>
      watched(watch, ["ledgerAppend", { record: record.kind }], async (span) => {
        const objected = await ledger.appendUnless(record, objection);
        span.note({ count: objected === null ? 1 : 0 });
        return objected;
      }),
  };
  return instead(ledger, seen);
}

/** The same escrow, of whose secrets the kind alone is seen. */
export function watchEscrow<E extends EscrowStore>(escrow: E, watch: Watch): E {
  if (watch === UNWATCHED) return escrow;
  const seen: Pick<EscrowStore, "put"> = {
    put: (entry, secret) => watched(watch, ["escrowPut", { secret: entry.kind }], () => escrow.put(entry, secret)),
  };
  return instead(escrow, seen);
}

/** Stores have private parts: what is not replaced is called on the store itself. */
function instead<T extends object>(target: T, replaced: object): T {
  return new Proxy(target, {
    get: (_, key) => {
      if (key in replaced) return Reflect.get(replaced, key);
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
