import type { Review } from "../../../review/review.ts";
import { lastSettings } from "../../domain/ledger-record.ts";
import type { Plan } from "../../domain/plan.ts";
import type { OpenedLedger } from "../../ledger/open-ledger.ts";
import { type CiFacts, compareSettings, nameLedger, safetyOf } from "../../rules/safety-settings.ts";
import type { Meeting } from "../../rules/world-rules.ts";
import { once } from "../../support/once.ts";
import { joinLedger, meetLedger, type WorldPorts } from "../meet-world.ts";
import { ledgerOf, reviewGate, shownGate } from "../review-gate.ts";
import type { Settings } from "../settings.ts";
import { refuseForgotten } from "./forgotten.ts";

/** What the process that sends asks for itself, whatever the program saw. */
export interface Guard {
  /**
   * Throws `ConfigurationError` where the ledger is of another world than Graph: nothing in it is
   * believed before. Records nothing.
   */
  readonly checkWorld: () => Promise<void>;
  /** Throws `LedgerError` for a resource that state knows and the ledger does not. */
  readonly checkKnown: (state: unknown) => Promise<void>;
  /**
   * Why this process destroys, locks and escrows nothing, or null: decided once, before its first
   * work, and recorded. Checks the world too.
   */
  readonly hold: () => Promise<string | null>;
  /**
   * Why a plan is not what was reviewed, in words, or null. Throws `ConfigurationError` for a
   * review that cannot be read.
   */
  readonly unreviewed: (plan: Plan) => Promise<string | null>;
  /** The same of the preview that the run showed before it began. */
  readonly unshown: (plan: Plan) => Promise<string | null>;
  /** Why nobody can tell that Graph is of the ledger's tenant, or null. */
  readonly doubt: () => Promise<string | null>;
}

/** The ports of the provider's process, which asks anew what the program asked before it. */
export interface GuardPorts extends WorldPorts {
  readonly ledger: Pick<OpenedLedger, "read" | "append" | "facts">;
  describeReaders(): Promise<string>;
}

/** What the run was started with. */
interface RunReviews {
  /** The approved one. */
  readonly review?: () => Review | null;
  /** The preview that the run showed before it began. */
  readonly shown?: () => Review | null;
}

/** `ciFacts` and the reviews are asked once. */
export function createGuard(
  ports: GuardPorts,
  settings: Settings,
  ciFacts: () => Promise<CiFacts | null>,
  { review = () => null, shown = () => null }: RunReviews = {},
): Guard {
  // A failure is kept too: asked again, the ledger might show the record whose append failed, and
  // the change would look old.
  const met = once(async () => meetLedger((await ports.ledger.read()).outline, ports, settings));
  const gates = once(async () => {
    const { graph, tenant } = (await met()).run;
    const place = { graph, tenant, ledger: ledgerOf(settings.ledger, await ports.ledger.read()) };
    return {
      review: reviewGate(review(), settings.requireReview, place, ports.clock),
      shown: shownGate(shown(), place, ports.clock),
    };
  });
  const decided = once(async () => {
    // A run whose review cannot be read does nothing at all.
    await gates();
    return decide(await met(), ports, settings, ciFacts);
  });
  return {
    checkWorld: async () => {
      await met();
    },
    // Nothing that a double is sent does any harm.
    checkKnown: async (state) => (ports.isLoopbackGraph ? undefined : refuseForgotten(state, ports.ledger)),
    hold: decided,
    unreviewed: async (plan) => (await gates()).review(plan),
    unshown: async (plan) => (await gates()).shown(plan),
    doubt: async () => (await met()).doubt,
  };
}

async function decide(met: Meeting, ports: GuardPorts, settings: Settings, ciFacts: () => Promise<CiFacts | null>): Promise<string | null> {
  const { doubt } = await joinLedger(met, ports, settings);
  const changed = ports.isLoopbackGraph ? null : await watchChanges(ports, settings, ciFacts);
  return doubt ?? changed;
}

async function watchChanges(ports: GuardPorts, settings: Settings, ciFacts: () => Promise<CiFacts | null>): Promise<string | null> {
  const contents = await ports.ledger.read();
  const facts = { graph: ports.graphOrigin, recipients: await ports.describeReaders(), ledger: nameLedger(settings.ledger, contents) };
  const last = lastSettings(contents.outline)?.settings;
  const run = { at: new Date(ports.clock.now()).toISOString(), ci: await ciFacts(), followOnly: settings.followOnly };
  const { record, hold } = compareSettings(last, safetyOf(settings, facts), run);
  if (record !== null) await ports.ledger.append(record);
  return hold;
}
