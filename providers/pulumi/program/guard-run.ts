import { printable } from "../../domain/diagnostic.ts";
import { ProductError } from "../../domain/errors.ts";
import type { LedgerContents } from "../../domain/ports.ts";
import type { KnownState } from "../../rules/known-ledger-rules.ts";
import { storeProblems } from "../../rules/store-rules.ts";
import type { Meeting } from "../../rules/world-rules.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import { ciFactsOf } from "../ci-facts.ts";
import { joinLedger } from "../meet-world.ts";
import type { OpenedPorts } from "../open-ports.ts";
import { readGit } from "../provenance.ts";
import { runStores } from "../run-stores.ts";
import type { Settings } from "../settings.ts";
import { refuseTogether } from "./refuse-run.ts";
import type { ResolvedRequest } from "./resolved-request.ts";
import type { ReviewDraft } from "./review-draft.ts";
import type { RunHost } from "./run-host.ts";
import { watchSettings } from "./watch-settings.ts";

/** One run of the program, as far as it has come when its guards are asked. */
export interface GuardedRun {
  readonly root: string;
  readonly settings: Settings;
  readonly ports: OpenedPorts;
  readonly ledger: LedgerContents;
  readonly entries: readonly ResolvedRequest[];
  readonly environment: NodeJS.ProcessEnv;
  readonly draft: ReviewDraft;
  readonly host: RunHost;
}

/** Finds out, before the first resource, all that is wrong with the stores for this run. */
export async function checkStores(run: GuardedRun): Promise<void> {
  const { settings, ports, ledger, entries, environment } = run;
  const problems = ports.isLoopbackGraph ? [] : storeProblems(entries, runStores(settings), ledger, environment);
  const isBusy = entries.some((entry) => !entry.isEnded);
  const leftOut = isBusy ? await ports.checkEscrow().catch(asProblem) : [];
  if (leftOut instanceof ProductError) return refuseTogether([...problems, leftOut]);
  refuseTogether(problems);
  for (const { key, line, comment } of leftOut) {
    const who = comment === "" ? `in line ${line}` : `${comment}, in line ${line}`;
    const text = `recipient ${key} (${who}) is left out: nothing is encrypted to it before its reader runs ${dlrCommand("recipients confirm", settings.stack)}`;
    await warn(printable(text), run);
  }
}

/** Of the whole run, and no single request. */
export async function warn(text: string, { draft, host }: Pick<GuardedRun, "draft" | "host">): Promise<void> {
  draft.warn(text);
  await host.warn(text);
}

function asProblem(error: unknown): ProductError {
  if (error instanceof ProductError) return error;
  throw error;
}

/**
 * Tells what the ledger does not say of its world yet, and lets `up` record it. Gives back why `up`
 * destroys and escrows nothing, or null.
 */
export async function guardWorld(run: GuardedRun, met: Meeting, isBusy: boolean): Promise<string | null> {
  const { settings, ports, ledger, host } = run;
  for (const warning of [met.warning, met.doubt]) if (warning !== null) await warn(printable(warning), run);
  if (host.isPreview || !ledger.exists || met.record === null) return met.doubt;
  const { doubt } = await joinLedger(met, ports, settings, isBusy);
  // The process that sends takes the lock next.
  await ports.ledger.close();
  return doubt;
}

/** Gives back why `up` destroys, locks and escrows nothing, or null. */
export async function guardSettings(run: GuardedRun, state: KnownState): Promise<string | null> {
  const { root, settings, ports, ledger, entries, environment, host } = run;
  const ci = await ciFactsOf(environment, () => readGit(root, environment));
  const { warnings, hold, record } = watchSettings({
    settings,
    facts: { graph: ports.graphOrigin, recipients: await ports.describeReaders() },
    ledger,
    state,
    entries,
    run: { at: new Date(ports.clock.now()).toISOString(), ci, followOnly: settings.followOnly },
    isPreview: host.isPreview,
  });
  for (const warning of warnings) await warn(warning, run);
  if (record === null) return hold;
  await ports.ledger.append(record);
  // The process that sends takes the lock next.
  await ports.ledger.close();
  return hold;
}
