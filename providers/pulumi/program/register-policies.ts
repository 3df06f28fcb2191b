import { printable } from "../../domain/diagnostic.ts";
import { EXIT_CODES } from "../../domain/errors.ts";
import type { LockPolicy } from "../../domain/lock-policy.ts";
import { type PolicyOutcome, policyInputs } from "../policy-state.ts";
import * as pulumi from "../sdk.ts";
import { tellExit } from "../tell-exit.ts";
import { ActivationLockPolicy } from "./activation-lock-policy.ts";
import { registerQuietly } from "./register-quietly.ts";

/** Runs work whose errors people are told of in our words. */
export type OrTell = <T>(work: () => Promise<T>) => Promise<T>;

/** How each policy stands, by its name. */
export type PolicyStandings = pulumi.Output<Readonly<Record<string, PolicyOutcome>>>;

/** One resource for each policy; undefined where there is none. */
export function registerPolicies(policies: readonly LockPolicy[], orTell: OrTell): PolicyStandings | undefined {
  if (policies.length === 0) return undefined;
  const resources = registerQuietly(() => policies.map((policy) => register(policy, orTell)));
  return pulumi.all(resources.map(({ outcome }) => outcome)).apply((outcomes) => {
    const known = policies.flatMap(({ name }, index) => {
      // Nothing is known of a resource that is not there yet.
      const outcome = outcomes[index];
      return outcome === undefined ? [] : [[name, outcome] as const];
    });
    return Object.fromEntries(known);
  });
}

function register(policy: LockPolicy, orTell: OrTell): ActivationLockPolicy {
  const resource = new ActivationLockPolicy(policyInputs(policy, pulumi.getStack()));
  pulumi
    .all([resource.outcome, resource.message])
    .apply(([outcome, message]) => orTell(() => tell(resource, outcome, `policy ${policy.name} ${outcome}: ${message}`)));
  return resource;
}

/** In `up` only: a preview has looked at Intune itself. */
async function tell(resource: ActivationLockPolicy, outcome: PolicyOutcome, text: string): Promise<void> {
  if (pulumi.isDryRun()) return;
  if (outcome === "held") await pulumi.log.warn(printable(text), resource);
  if (outcome !== "failed") return;
  process.exitCode = 1;
  tellExit(EXIT_CODES.outcome);
  await pulumi.log.error(printable(text), resource);
}
