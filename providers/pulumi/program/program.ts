import type { Review } from "../../../review/review.ts";
import "../plain-stack-traces.ts";
import { printable, renderDiagnostic } from "../../domain/diagnostic.ts";
import { EXIT_CODES, ProductError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { planDestroysData } from "../../domain/plan.ts";
import type { LedgerContents } from "../../domain/ports.ts";
import { requestNameOf } from "../../domain/request.ts";
import type { FirstAct } from "../../engine/decide/first-act.ts";
import { loadRequests } from "../../request/load-requests.ts";
import type { KnownState } from "../../rules/known-ledger-rules.ts";
import { refuseVanishedLedger } from "../../rules/known-ledger-rules.ts";
import { nameLedger } from "../../rules/safety-settings.ts";
import { storeProblems } from "../../rules/store-rules.ts";
import type { Meeting } from "../../rules/world-rules.ts";
import { dlrCommand, savesReview } from "../../support/dlr-command.ts";
import { ciFactsOf } from "../ci-facts.ts";
import { doubtAbsence } from "../doubt-absence.ts";
import { joinLedger, meetLedger } from "../meet-world.ts";
import { type OpenedPorts, openPorts } from "../open-ports.ts";
import { provenanceOf, readGit } from "../provenance.ts";
import { BEFORE_UP, ledgerOf, readReviewed, readShown, refuseOtherStack, reviewGate } from "../review-gate.ts";
import { runStores } from "../run-stores.ts";
import * as pulumi from "../sdk.ts";
import { parseConfiguration, type Settings } from "../settings.ts";
import { inputsOf, type LifecycleOutputs } from "../state.ts";
import { tellExit } from "../tell-exit.ts";
import { tellProgress } from "../tell-progress.ts";
import { renderCard, renderLostCard } from "./card.ts";
import { DeviceLifecycle } from "./device-lifecycle.ts";
import { withDriftRepeats } from "./drift-repeats.ts";
import { lackingPermissions } from "./lacking-permissions.ts";
import { LedgerSnapshot } from "./ledger-snapshot.ts";
import { outcomeMessageOf } from "./outcome-message.ts";
import { fullStackName, readOwnState } from "./own-state.ts";
import { previewActs } from "./preview-acts.ts";
import { previewWarnings } from "./preview-warnings.ts";
import { recordEdits } from "./record-edits.ts";
import { orRefuse, refusalsOf, refuseAll, refuseTogether } from "./refuse-run.ts";
import { removedRequests } from "./removed-requests.ts";
import { resolveRequests } from "./resolve-requests.ts";
import type { ResolvedRequest } from "./resolved-request.ts";
import { ReviewDraft } from "./review-draft.ts";
import { aboutRun, guardsOf } from "./review-facts.ts";
import { reviewedRequests } from "./reviewed-requests.ts";
import { watchSettings } from "./watch-settings.ts";

/**
 * What `pulumi stack output` shows, and what the next run reads as the state's memory:
 * docs/outputs.md.
 */
export interface StackOutputs {
  /** How many requests there are of each outcome. */
  readonly summary: pulumi.Output<Readonly<Partial<Record<Outcome, number>>>>;
  /** Outcome by name of the request. */
  readonly requests: pulumi.Output<Readonly<Record<string, Outcome>>>;
  /**
   * The ledger that the run used: what the next run compares its own with. Absent where Graph is a
   * double.
   */
  readonly ledger?: string;
}

/**
 * The whole program: everything that may refuse comes first, then each request is registered as one
 * resource.
 */
export function runProgram(root: string, environment: NodeJS.ProcessEnv): Promise<StackOutputs> {
  const orTell: OrTell = (work) => orRefuse({ root, env: environment }, work);
  const draft = new ReviewDraft(pulumi.isDryRun() ? environment : {});
  return orTell(async () => registerAll(await savingReview(draft, () => orTell(() => resolveFolder(root, environment, draft))), orTell));
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

/** Runs work whose errors people are told of in our words. */
type OrTell = <T>(work: () => Promise<T>) => Promise<T>;

function registerAll({ entries, cards, ledger }: Found, orTell: OrTell): StackOutputs {
  // The SDK takes a stack trace with each output, which nobody reads.
  Error.stackTraceLimit = 1;
  const resources = entries.map((entry) => register(entry, cards.get(entry.request.name), orTell));
  const outcomes = pulumi.all(resources.map(({ outcome }) => outcome)).apply((list) => knownOutcomes(entries, list));
  return {
    requests: outcomes.apply((known) => Object.fromEntries(known)),
    summary: outcomes.apply((known) => countOutcomes([...known.values()])),
    ...(ledger === undefined ? {} : { ledger }),
  };
}

/**
 * A resource that `--target` leaves out, and that was never made, has no outcome; what the ledger
 * says of it is not this run's.
 */
function knownOutcomes(entries: readonly ResolvedRequest[], outcomes: readonly (Outcome | undefined)[]): ReadonlyMap<string, Outcome> {
  const known = entries.flatMap(({ request }, index) => {
    const outcome = outcomes[index];
    return outcome === undefined ? [] : [[request.name, outcome] as const];
  });
  return new Map(known);
}

interface Found {
  readonly entries: readonly ResolvedRequest[];
  /** What a preview says of each request, by its name. */
  readonly cards: ReadonlyMap<string, PreviewCard>;
  readonly ledger: string | undefined;
}

interface PreviewCard {
  readonly text: string;
  /** What the tokens at hand lack, or nothing. */
  readonly lacking: string | undefined;
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
  const review = await ownReview(environment);
  draft.note({ ...met.run, ledger: ledgerOf(settings.ledger, ledger), guards: guardsOf(settings, view.facts, ports.clock.now()) });
  const state = await readOwnState();
  if (!ports.isLoopbackGraph) refuseVanishedLedger(state, ledger, settings.ledger);
  const now = ports.clock.now();
  const directory = doubtAbsence(ports.directory, async () => met.doubt);
  const place = { ...met.run, ledger: ledgerOf(settings.ledger, ledger) };
  const unreviewed = reviewGate(review, isReviewDue(settings, environment), place, ports.clock);
  const result = await resolveRequests(requests, view, directory, settings, now, unreviewed);
  if (result.refusals.length > 0) refuseAll(result.refusals, root);
  tellProgress({ kind: "open", requests: result.requests.filter((entry) => !entry.isEnded).length }, environment);
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
  if (settings.requireReview && review === null) await pulumi.log.warn(needsReview(settings.stack));
  const facts = { settings, ledgerFacts: view.facts, hold, unreviewed, now };
  const entries = await withDriftRepeats(result.requests, state, directory, facts);
  const acts = await previewActs(entries, { ...ports, canResendSecrets }, facts);
  const lacking = await lackingPermissions(entries, ports.actions);
  for (const text of removedRequests(state, requests, view, settings)) await warn(text, draft);
  const warnings = previewWarnings(entries, acts, { now, wasApprovalAsked: (action) => view.facts.wasApprovalAsked(action) });
  draft.note({ requests: reviewedRequests(entries, acts, lacking, warnings) });
  return { entries, cards: cardsOf(entries, acts, { lacking, warnings }, state), ledger: used };
}

/** No review of another stack is kept to, and no preview that was shown of one. */
async function ownReview(environment: NodeJS.ProcessEnv): Promise<Review | null> {
  const review = readReviewed(environment);
  for (const one of [review, readShown(environment)]) if (one !== null) refuseOtherStack(one, await fullStackName());
  return review;
}

/**
 * The review of a preview is still to come: without one it shows what a reviewed `up` does. The
 * preview that `up` shows first shows what that very `up` does.
 */
function isReviewDue({ requireReview }: Settings, environment: NodeJS.ProcessEnv): boolean {
  return requireReview && (!pulumi.isDryRun() || environment[BEFORE_UP] !== undefined);
}

function needsReview(stack: string | undefined): string {
  const perform = dlrCommand("up", stack, ["--reviewed", "FILE"]);
  return `requireReview is set: up destroys and escrows only what stands in an approved review: ${savesReview(stack)}, then ${perform}`;
}

/**
 * A request that has ended is told of only where state has lost it: a bare `create` would look like
 * work.
 */
function cardsOf(
  entries: readonly ResolvedRequest[],
  acts: ReadonlyMap<string, FirstAct>,
  { lacking, warnings }: { readonly lacking: ReadonlyMap<string, string>; readonly warnings: ReadonlyMap<string, readonly string[]> },
  state: KnownState,
): ReadonlyMap<string, PreviewCard> {
  const known = new Set(state.requests.map(({ key }) => requestNameOf(key)));
  const cards = entries.flatMap((entry) => {
    const { name } = entry.request;
    const act = acts.get(name);
    if (act !== undefined) return [[name, { text: renderCard(entry, act, warnings.get(name) ?? []), lacking: lacking.get(name) }] as const];
    return known.has(name) ? [] : [[name, { text: renderLostCard(entry), lacking: undefined }] as const];
  });
  return new Map(cards);
}

interface Surroundings {
  readonly root: string;
  readonly settings: Settings;
  readonly ports: OpenedPorts;
  readonly ledger: LedgerContents;
  readonly entries: readonly ResolvedRequest[];
  readonly environment: NodeJS.ProcessEnv;
  readonly draft: ReviewDraft;
}

/** Finds out, before the first resource, all that is wrong with the stores for this run. */
async function checkStores({ settings, ports, ledger, entries, environment, draft }: Surroundings): Promise<void> {
  const problems = ports.isLoopbackGraph ? [] : storeProblems(entries, runStores(settings), ledger, environment);
  const isBusy = entries.some((entry) => !entry.isEnded);
  const leftOut = isBusy ? await ports.checkEscrow().catch(asProblem) : [];
  if (leftOut instanceof ProductError) return refuseTogether([...problems, leftOut]);
  refuseTogether(problems);
  for (const { key, line, comment } of leftOut) {
    const who = comment === "" ? `in line ${line}` : `${comment}, in line ${line}`;
    const text = `recipient ${key} (${who}) is left out: nothing is encrypted to it before its reader runs ${dlrCommand("recipients confirm", settings.stack)}`;
    await warn(printable(text), draft);
  }
}

/** Of the whole run, and no single request. */
async function warn(text: string, draft: ReviewDraft): Promise<void> {
  draft.warn(text);
  await pulumi.log.warn(text);
}

function asProblem(error: unknown): ProductError {
  if (error instanceof ProductError) return error;
  throw error;
}

/**
 * Tells what the ledger does not say of its world yet, and lets `up` record it. Gives back why `up`
 * destroys and escrows nothing, or null.
 */
async function guardWorld({ settings, ports, ledger, draft }: Surroundings, met: Meeting, isBusy: boolean): Promise<string | null> {
  for (const warning of [met.warning, met.doubt]) if (warning !== null) await warn(printable(warning), draft);
  if (pulumi.isDryRun() || !ledger.exists || met.record === null) return met.doubt;
  const { doubt } = await joinLedger(met, ports, settings, isBusy);
  // The process that sends takes the lock next.
  await ports.ledger.close();
  return doubt;
}

/** Gives back why `up` destroys, locks and escrows nothing, or null. */
async function guardSettings(surroundings: Surroundings, state: KnownState): Promise<string | null> {
  const { root, settings, ports, ledger, entries, environment, draft } = surroundings;
  const ci = await ciFactsOf(environment, () => readGit(root, environment));
  const { warnings, hold, record } = watchSettings({
    settings,
    facts: { graph: ports.graphOrigin, recipients: await ports.describeReaders() },
    ledger,
    state,
    entries,
    run: { at: new Date(ports.clock.now()).toISOString(), ci, followOnly: settings.followOnly },
    isPreview: pulumi.isDryRun(),
  });
  for (const warning of warnings) await warn(warning, draft);
  if (record === null) return hold;
  await ports.ledger.append(record);
  // The process that sends takes the lock next.
  await ports.ledger.close();
  return hold;
}

function register(entry: ResolvedRequest, card: PreviewCard | undefined, orTell: OrTell): DeviceLifecycle {
  const { request, plan, history } = entry;
  const isBegun = history.begun !== null;
  const resource = new DeviceLifecycle(
    request.name,
    inputsOf(request, plan, { destructive: planDestroysData(plan), begun: isBegun, stack: pulumi.getStack() }),
  );
  // One output that depends on two is cheaper than two: each costs the SDK a stack trace.
  pulumi
    .all([resource.outcome, resource.conditions])
    .apply(([outcome, conditions]) => orTell(() => tell(resource, entry, outcome, conditions)));
  if (card !== undefined) void pulumi.log.info(card.text, resource);
  if (card?.lacking !== undefined) void pulumi.log.warn(card.lacking, resource);
  return resource;
}

/**
 * What state holds of a request: in a preview only the drift that the last refresh found, after
 * `up` how it stands. Red is a log of severity error and an exit code: an exception would lose the
 * stack outputs.
 */
async function tell(
  resource: DeviceLifecycle,
  entry: ResolvedRequest,
  outcome: Outcome,
  conditions: LifecycleOutputs["conditions"] | undefined,
): Promise<void> {
  // Nothing is known of a resource that is not there yet.
  if (conditions === undefined) return;
  const drifted = conditions.find((condition) => condition.type === "Drifted");
  if (drifted !== undefined) {
    const word = drifted.status === "True" ? "drifted" : "drift unknown";
    await pulumi.log.warn(printable(`${word}: ${drifted.message}`), resource);
  }
  if (pulumi.isDryRun()) return;
  const { color, text } = outcomeMessageOf(outcome, conditions, entry.isEnded);
  if (color === "yellow") await pulumi.log.warn(text, resource);
  if (color !== "red") return;
  process.exitCode = 1;
  tellExit(EXIT_CODES.outcome);
  await pulumi.log.error(text, resource);
}

function countOutcomes(outcomes: readonly Outcome[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
