import { lastSettings } from "../domain/ledger-record.ts";
import type { Clock } from "../domain/ports.ts";
import type { OpenedLedger } from "../ledger/open-ledger.ts";
import { type CiFacts, compareSettings, nameLedger, safetyOf } from "../rules/safety-settings.ts";
import { refuseForgotten } from "./forgotten.ts";
import type { Settings } from "./settings.ts";
import type { LifecycleOutputs } from "./state.ts";

/** What the process that sends asks for itself, whatever the program saw. */
export interface Guard {
  /** Why this process destroys, locks and escrows nothing, or null: decided once, before its first work, and recorded. */
  readonly hold: () => Promise<string | null>;
  /** Throws `LedgerError` for a resource that state knows and the ledger does not. */
  readonly checkKnown: (state: Partial<LifecycleOutputs>) => Promise<void>;
}

/** Nothing that a double is sent does any harm. */
export const NO_GUARD: Guard = { hold: async () => null, checkKnown: async () => undefined };

export interface GuardPorts {
  readonly ledger: Pick<OpenedLedger, "read" | "append" | "recordsOf">;
  readonly clock: Pick<Clock, "now">;
  readonly graphOrigin: string;
  describeReaders(): Promise<string>;
}

/** `ciFacts` is asked once. */
export function createGuard(ports: GuardPorts, settings: Settings, ciFacts: () => Promise<CiFacts | null>): Guard {
  let decision: Promise<string | null> | undefined;
  return {
    hold: () => {
      // A failure is kept too: asked again, the ledger might show the record whose append failed, and the change would look old.
      decision ??= decide(ports, settings, ciFacts);
      return decision;
    },
    checkKnown: (state) => refuseForgotten(state, ports.ledger),
  };
}

async function decide(ports: GuardPorts, settings: Settings, ciFacts: () => Promise<CiFacts | null>): Promise<string | null> {
  const contents = await ports.ledger.read();
  const facts = { graph: ports.graphOrigin, recipients: await ports.describeReaders(), ledger: nameLedger(settings.ledger, contents) };
  const last = lastSettings(contents.records)?.settings;
  const run = { at: new Date(ports.clock.now()).toISOString(), ci: await ciFacts(), followOnly: settings.followOnly };
  const { record, hold } = compareSettings(last, safetyOf(settings, facts), run);
  if (record !== null) await ports.ledger.append(record);
  return hold;
}
