import "../plain-stack-traces.ts";
import { renderDiagnostic } from "../../domain/diagnostic.ts";
import { loadRequests } from "../../request/load-requests.ts";
import { refuseVanishedLedger } from "../../rules/known-ledger-rules.ts";
import { nameLedger } from "../../rules/safety-settings.ts";
import { doubtAbsence } from "../doubt-absence.ts";
import { meetLedger } from "../meet-world.ts";
import { openPorts } from "../open-ports.ts";
import { provenanceOf, readGit } from "../provenance.ts";
import { ledgerOf, readReviewed, refuseOtherStack, reviewGate } from "../review-gate.ts";
import * as pulumi from "../sdk.ts";
import { parseConfiguration } from "../settings.ts";
import { cardsOf } from "./card.ts";
import { checkStores, guardSettings, guardWorld, warn } from "./guard-run.ts";
import { lackingPermissions } from "./lacking-permissions.ts";
import { LedgerSnapshot } from "./ledger-snapshot.ts";
import { fullStackName, readOwnState } from "./own-state.ts";
import { previewActs } from "./preview-acts.ts";
import { previewWarnings } from "./preview-warnings.ts";
import { recordEdits } from "./record-edits.ts";
import { orRefuse, refusalsOf, refuseAll } from "./refuse-run.ts";
import { type Found, type OrTell, registerRequests, type StackOutputs } from "./register-requests.ts";
import { removedRequests } from "./removed-requests.ts";
import { resolveRequests } from "./resolve-requests.ts";
import { ReviewDraft } from "./review-draft.ts";
import { aboutRun, guardsOf } from "./review-facts.ts";
import { reviewedRequests } from "./reviewed-requests.ts";

/**
 * The whole program: everything that may refuse comes first, then each request is registered as one
 * resource.
 */
export function runProgram(root: string, environment: NodeJS.ProcessEnv): Promise<StackOutputs> {
  const orTell: OrTell = (work) => orRefuse({ root, env: environment }, work);
  const draft = new ReviewDraft(pulumi.isDryRun() ? environment : {});
  return orTell(async () =>
    registerRequests(await savingReview(draft, () => orTell(() => resolveFolder(root, environment, draft))), orTell),
  );
}

/**
 * Saves the review also where a refusal ends the work: people then read the refusal where they
 * review.
 */
async function savingReview<T>(draft: ReviewDraft, work: () => Promise<T>): Promise<T> {
  try {
    const found = await work();
    await draft.save([]);
    return found;
  } catch (error) {
    const refusals = refusalsOf(error);
    if (refusals.length > 0) await draft.save(refusals);
    throw error;
  }
}

async function resolveFolder(root: string, environment: NodeJS.ProcessEnv, draft: ReviewDraft): Promise<Found> {
  draft.note(await aboutRun(root, environment));
  const settings = parseConfiguration(pulumi.allConfig(), { project: pulumi.getProject(), stack: pulumi.getStack() });
  const { requests, diagnostics } = await loadRequests({ root, requests: settings.requests, playbooks: settings.playbooks });
  const mistakes = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  if (mistakes.length > 0) refuseAll(mistakes, root);
  for (const warning of diagnostics) await warn(renderDiagnostic(warning), draft);
  const ports = openPorts(settings, root, environment);
  const ledger = await ports.ledger.read();
  const view = new LedgerSnapshot(ledger.records);
  const isBusy = requests.some((request) => !view.isEnded(request));
  const met = await meetLedger(ledger.records, ports, settings, isBusy);
  const review = readReviewed(environment);
  if (review !== null) refuseOtherStack(review, await fullStackName());
  draft.note({ ...met.run, ledger: ledgerOf(settings.ledger, ledger), guards: guardsOf(settings, view.facts, ports.clock.now()) });
  const state = await readOwnState();
  if (!ports.isLoopbackGraph) refuseVanishedLedger(state, ledger, settings.ledger);
  const now = ports.clock.now();
  const directory = doubtAbsence(ports.directory, async () => met.doubt);
  // The review of a preview is still to come: without one it shows what a reviewed up does.
  const isDue = settings.requireReview && !pulumi.isDryRun();
  const unreviewed = reviewGate(review, isDue, { ...met.run, ledger: ledgerOf(settings.ledger, ledger) }, ports.clock);
  const result = await resolveRequests(requests, directory, { view, settings, unreviewed, now });
  if (result.refusals.length > 0) refuseAll(result.refusals, root);
  const found = { root, settings, ports, ledger, entries: result.requests, environment, draft };
  await checkStores(found);
  const doubt = await guardWorld(found, met, isBusy);
  const changed = ports.isLoopbackGraph ? null : await guardSettings(found, state);
  const hold = doubt ?? changed;
  draft.note({ guards: { ...guardsOf(settings, view.facts, now), hold } });
  const used = !ports.isLoopbackGraph && ledger.exists ? nameLedger(settings.ledger, ledger) : undefined;
  if (!pulumi.isDryRun()) {
    await recordEdits(result.requests, ports, async () => provenanceOf(environment, await readGit(root, environment)));
    return { entries: result.requests, cards: new Map(), ledger: used };
  }
  const canResendSecrets = ports.escrow.readBack !== null;
  if (settings.requireReview && review === null) await pulumi.log.warn(NEEDS_REVIEW);
  const facts = { settings, ledgerFacts: view.facts, hold, unreviewed, now };
  const acts = await previewActs(result.requests, { ...ports, canResendSecrets }, facts);
  const lacking = await lackingPermissions(result.requests, ports.actions);
  for (const text of removedRequests(state, requests, view, settings)) await warn(text, draft);
  const warnings = previewWarnings(result.requests, acts, { now, wasApprovalAsked: (action) => view.facts.wasApprovalAsked(action) });
  draft.note({ requests: reviewedRequests(result.requests, acts, lacking, warnings) });
  return { entries: result.requests, cards: cardsOf(result.requests, acts, { lacking, warnings }, state), ledger: used };
}

const NEEDS_REVIEW =
  "requireReview is set: up destroys and escrows only what stands in an approved review: npm run preview -- --save-review FILE, then npm run up -- --reviewed FILE";
