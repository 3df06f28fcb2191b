import type { DriftFinding } from "../../domain/drift.ts";
import { EXIT_CODES } from "../../domain/errors.ts";
import type { LockPolicy } from "../../domain/lock-policy.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { planDestroysData } from "../../domain/plan.ts";
import * as pulumi from "../sdk.ts";
import { inputsOf, type LifecycleOutputs } from "../state.ts";
import { tellExit } from "../tell-exit.ts";
import type { PreviewCard } from "./card.ts";
import type { Shelving } from "./choose-shelves.ts";
import { DeviceLifecycle } from "./device-lifecycle.ts";
import { driftWarnings } from "./drift-warnings.ts";
import { outcomeMessageOf } from "./outcome-message.ts";
import { registerInTurn } from "./register-in-turn.ts";
import { type OrTell, type PolicyStandings, registerPolicies } from "./register-policies.ts";
import { registerShelves } from "./register-shelves.ts";
import type { ResolvedRequest } from "./resolved-request.ts";

/**
 * What `pulumi stack output` shows, and what the next run reads as the state's memory:
 * docs/outputs.md.
 */
export interface StackOutputs {
  /** How many requests there are of each outcome. */
  readonly summary: pulumi.Output<Readonly<Partial<Record<Outcome, number>>>>;
  /** Outcome by name of the request. */
  readonly requests: pulumi.Output<Readonly<Record<string, Outcome>>>;
  /** How each policy stands, by its name; absent where none is declared. */
  readonly policies?: PolicyStandings;
  /**
   * The ledger that the run used: what the next run compares its own with. Absent where Graph is a
   * double.
   */
  readonly ledger?: string;
}

/** What is registered, and what a preview says with it. */
export interface Found {
  readonly entries: readonly ResolvedRequest[];
  /** Which of them are resources of their own. */
  readonly shelving: Shelving;
  readonly policies: readonly LockPolicy[];
  /** What a preview says of each request, by its name. */
  readonly cards: ReadonlyMap<string, PreviewCard>;
  readonly ledger: string | undefined;
}

/** One resource for each request that is on no shelf, and what the stack says of all of them. */
export async function registerRequests({ entries, shelving, policies, cards, ledger }: Found, orTell: OrTell): Promise<StackOutputs> {
  const { shelves, leaving } = shelving;
  const shelved = new Set(shelves.flatMap(({ members }) => members.map(({ entry }) => entry.request.name)));
  const own = entries.filter(({ request }) => !shelved.has(request.name));
  registerShelves(shelves);
  const resources = await registerInTurn(
    own,
    ({ isEnded }) => isEnded || pulumi.isDryRun(),
    (entry) => register(entry, { card: cards.get(entry.request.name), findings: leaving.get(entry.request.name) }, orTell),
  );
  const outcomes = pulumi.all(resources.map(({ outcome }) => outcome)).apply((list) => knownOutcomes(entries, own, list));
  const standings = registerPolicies(policies, orTell);
  return {
    requests: outcomes.apply((known) => Object.fromEntries(known)),
    summary: outcomes.apply((known) => countOutcomes([...known.values()])),
    ...(standings === undefined ? {} : { policies: standings }),
    ...(ledger === undefined ? {} : { ledger }),
  };
}

/**
 * In the order of the files. A resource that `--target` leaves out, and that was never made, has no
 * outcome; what the ledger says of it is not this run's. What is on a shelf has succeeded.
 */
function knownOutcomes(
  entries: readonly ResolvedRequest[],
  own: readonly ResolvedRequest[],
  outcomes: readonly (Outcome | undefined)[],
): ReadonlyMap<string, Outcome> {
  const ofOwn = new Map(own.map((entry, index) => [entry, outcomes[index]]));
  const known = entries.flatMap((entry) => {
    const outcome = ofOwn.has(entry) ? ofOwn.get(entry) : "succeeded";
    return outcome === undefined ? [] : [[entry.request.name, outcome] as const];
  });
  return new Map(known);
}

/** What goes along with one request. */
interface Along {
  readonly card: PreviewCard | undefined;
  /** Of a request that comes off a shelf. */
  readonly findings: readonly DriftFinding[] | undefined;
}

function register(entry: ResolvedRequest, { card, findings }: Along, orTell: OrTell): DeviceLifecycle {
  const { request, plan, history } = entry;
  const facts = { destructive: planDestroysData(plan), begun: history.begun !== null, stack: pulumi.getStack() };
  const resource = new DeviceLifecycle(request.name, inputsOf(request, plan, findings === undefined ? facts : { ...facts, findings }));
  // One output that depends on two is cheaper than two: each costs the SDK a stack trace.
  pulumi
    .all([resource.outcome, resource.conditions, resource.drift])
    .apply(([outcome, conditions, drift]) => orTell(() => tell(resource, entry, { outcome, conditions, drift })));
  // A preview knows no outputs of a resource that is not there yet.
  if (pulumi.isDryRun()) for (const text of driftWarnings({ drift: findings }, request)) void pulumi.log.warn(text, resource);
  if (card !== undefined) void pulumi.log.info(card.text, resource);
  if (card?.lacking !== undefined) void pulumi.log.warn(card.lacking, resource);
  return resource;
}

/** Outputs as the program gets them: nothing is known of a resource that is not there yet. */
interface Told {
  readonly outcome: Outcome;
  readonly conditions: LifecycleOutputs["conditions"] | undefined;
  readonly drift: LifecycleOutputs["drift"] | undefined;
}

/**
 * What state holds of a request: in a preview only the drift that the last refresh found, after
 * `up` how it stands. Red is a log of severity error and an exit code: an exception would lose the
 * stack outputs.
 */
async function tell(resource: DeviceLifecycle, entry: ResolvedRequest, { outcome, conditions, drift }: Told): Promise<void> {
  if (conditions === undefined) return;
  for (const text of driftWarnings({ conditions, drift }, entry.request)) await pulumi.log.warn(text, resource);
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
