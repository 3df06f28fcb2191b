import type { Review } from "../../../review/review.ts";
import { renderDiagnostic } from "../../domain/diagnostic.ts";
import type { LedgerContents } from "../../domain/ports.ts";
import { watched } from "../../domain/watch.ts";
import { loadRequests } from "../../request/load-requests.ts";
import { refuseVanishedLedger } from "../../rules/known-ledger-rules.ts";
import { nameLedger } from "../../rules/safety-settings.ts";
import { dlrCommand, savesReview } from "../../support/dlr-command.ts";
import { processWatch } from "../../telemetry/process-watch.ts";
import { doubtAbsence } from "../doubt-absence.ts";
import { meetLedger } from "../meet-world.ts";
import { openPorts } from "../open-ports.ts";
import { provenanceOf, readGit } from "../provenance.ts";
import { BEFORE_UP, ledgerOf, readReviewed, readShown, refuseOtherStack, reviewGate } from "../review-gate.ts";
import { parseConfiguration, type Settings } from "../settings.ts";
import { tellProgress } from "../tell-progress.ts";
import { cardsOf } from "./card.ts";
import { chooseShelves, shelvingTexts } from "./choose-shelves.ts";
import { withDriftRepeats } from "./drift-repeats.ts";
import { checkStores, guardSettings, guardWorld, warn } from "./guard-run.ts";
import { lackingPermissions } from "./lacking-permissions.ts";
import { LedgerSnapshot } from "./ledger-snapshot.ts";
import { type AuditOfRun, lookAtAudit, wantsAudit } from "./look-at-audit.ts";
import { policyWarnings } from "./policy-warnings.ts";
import { previewActs } from "./preview-acts.ts";
import { previewPolicies } from "./preview-policies.ts";
import { previewWarnings, withMore } from "./preview-warnings.ts";
import { recordAudit } from "./record-audit.ts";
import { recordEdits } from "./record-edits.ts";
import { refuseAll } from "./refuse-run.ts";
import type { Found } from "./register-requests.ts";
import { removedRequests } from "./removed-requests.ts";
import { resolveRequests } from "./resolve-requests.ts";
import type { ReviewDraft } from "./review-draft.ts";
import { aboutRun, guardsOf } from "./review-facts.ts";
import { reviewedRequests } from "./reviewed-requests.ts";
import type { RunHost } from "./run-host.ts";
import { isInShard } from "./shard.ts";
import { tellAudit } from "./tell-audit.ts";
import { tellSlots } from "./tell-slots.ts";

/** Where a survey takes place, and what it learns for a review. */
export interface Surveyed {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly draft: ReviewDraft;
  readonly host: RunHost;
}

/**
 * Everything that may refuse, and in a preview what each request would do: the folder is read, the
 * ledger once, the devices are looked at, every rule is asked. Throws `RefusedRun`, and
 * `ProductError` where a store or Graph cannot be reached. Registers nothing.
 */
export async function survey({ root, environment, draft, host }: Surveyed): Promise<Found> {
  draft.note(await aboutRun(root, environment, host));
  const { configuration, project, stack } = host;
  const settings = parseConfiguration(configuration, { project, stack });
  const { requests, diagnostics, ...loaded } = await watched(processWatch().watch, ["load", {}], () =>
    loadRequests({ root, ...foldersOf(settings) }),
  );
  const mistakes = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  if (mistakes.length > 0) refuseAll(mistakes, root);
  for (const warning of diagnostics) await warn(renderDiagnostic(warning), { draft, host });
  const policies = loaded.policies.filter(({ name }) => isInShard(name, settings.shard));
  const ports = openPorts(settings, root, environment);
  const ledger = await ports.ledger.read();
  if (ledger.note !== null) await host.warn(ledger.note);
  const recorded = new LedgerSnapshot(ledger.facts());
  const isBusy = requests.some((request) => !recorded.isEnded(request));
  const asksGraph = wantsAudit(settings, isBusy);
  const met = await meetLedger(ledger.outline, ports, settings, asksGraph);
  const review = ownReview(environment, host);
  draft.note({ ...met.run, ledger: ledgerOf(settings.ledger, ledger), guards: guardsOf(settings, recorded.facts, ports.clock.now()) });
  const state = await host.readOwnState();
  if (!ports.isLoopbackGraph) refuseVanishedLedger(state, ledger, settings.ledger);
  const audit = await lookAtAudit({ settings, ports, ledger, view: recorded, isBusy, doubt: met.doubt });
  const view = withAudit(ledger, audit);
  const now = ports.clock.now();
  const directory = doubtAbsence(ports.directory, async () => met.doubt);
  const place = { ...met.run, ledger: ledgerOf(settings.ledger, ledger) };
  const unreviewed = reviewGate(review, isReviewDue(settings, environment, host), place, ports.clock);
  const result = await watched(processWatch().watch, ["resolve", { count: requests.length }], () =>
    resolveRequests(requests, directory, { view, settings, unreviewed, now }),
  );
  if (result.refusals.length > 0) refuseAll(result.refusals, root);
  tellProgress({ kind: "open", requests: result.requests.filter((entry) => !entry.isEnded).length }, environment);
  const found = { root, settings, ports, ledger, entries: result.requests, environment, draft, host };
  await checkStores(found);
  const doubt = await guardWorld(found, met, asksGraph);
  await tellAudit(audit, host.isPreview ? null : await recordAudit(audit, ports.ledger), found);
  const changed = ports.isLoopbackGraph ? null : await guardSettings(found, state);
  const hold = doubt ?? changed;
  draft.note({ guards: { ...guardsOf(settings, view.facts, now), hold } });
  await tellSlots(result.requests, settings, environment, host);
  const used = !ports.isLoopbackGraph && ledger.exists ? nameLedger(settings.ledger, ledger) : undefined;
  const shelving = chooseShelves(result.requests, state.requests, { shelveMs: settings.shelveMs, now });
  if (!host.isPreview) {
    await recordEdits(result.requests, ports, async () => provenanceOf(environment, await readGit(root, environment)));
    return { entries: result.requests, shelving, policies, cards: new Map(), ledger: used };
  }
  const canResendSecrets = ports.escrow.readBack !== null;
  if (settings.requireReview && review === null) await host.warn(needsReview(settings.stack));
  const facts = { settings, ledgerFacts: view.facts, hold, unreviewed, now };
  const entries = await withDriftRepeats(result.requests, state, directory, facts);
  const brake = { brake: async () => audit.foreign.stop?.reason ?? ports.ledger.brake() };
  const acts = await previewActs(entries, { ...ports, ledger: brake, canResendSecrets }, facts);
  const lacking = await lackingPermissions(entries, ports.actions);
  const notHere = removedRequests(state, requests, view, settings);
  for (const text of [...shelvingTexts(shelving), ...notHere]) await warn(text, { draft, host });
  const looked = await previewPolicies(policies, { policies: ports.policies, known: state.policies, stack });
  for (const text of looked.texts) await warn(text, { draft, host });
  const asked = { now, wasApprovalAsked: (action: string) => view.facts.wasApprovalAsked(action) };
  const ofPolicies = await policyWarnings(entries, acts, looked.titles, ports.policies);
  const warnings = withMore(previewWarnings(entries, acts, asked), ofPolicies);
  draft.note({ requests: reviewedRequests(entries, acts, lacking, warnings) });
  return { entries, shelving, policies, cards: cardsOf(entries, acts, { lacking, warnings }, state), ledger: used };
}

function foldersOf({ requests, playbooks, policies }: Settings): Pick<Settings, "requests" | "playbooks" | "policies"> {
  return { requests, playbooks, policies };
}

/** The ledger as it is once `up` has recorded what the audit shows. */
function withAudit(ledger: LedgerContents, { record, results }: AuditOfRun): LedgerSnapshot {
  return new LedgerSnapshot(ledger.facts([...(record === null ? [] : [record]), ...results]));
}

/** No review of another stack is kept to, and no preview that was shown of one. */
function ownReview(environment: NodeJS.ProcessEnv, { fullStackName }: RunHost): Review | null {
  const review = readReviewed(environment);
  for (const one of [review, readShown(environment)]) if (one !== null) refuseOtherStack(one, fullStackName);
  return review;
}

/**
 * The review of a preview is still to come: without one it shows what a reviewed `up` does. The
 * preview that `up` shows first shows what that very `up` does.
 */
function isReviewDue({ requireReview }: Settings, environment: NodeJS.ProcessEnv, host: RunHost): boolean {
  return requireReview && (!host.isPreview || environment[BEFORE_UP] !== undefined);
}

function needsReview(stack: string | undefined): string {
  const perform = dlrCommand("up", stack, ["--reviewed", "FILE"]);
  return `requireReview is set: up destroys and escrows only what stands in an approved review: ${savesReview(stack)}, then ${perform}`;
}
