import { canonicalJson, isObject } from "../domain/json.ts";
import type { LockPolicy, PolicyForm, PolicyGroups } from "../domain/lock-policy.ts";
import { markOf } from "../rules/lock-policy-rules.ts";

/** How a policy stands after a run. */
export type PolicyOutcome = "inPlace" | "held" | "failed";

/** Inputs of a policy: what its file wants, and nothing that changes by itself. */
export interface PolicyInputs extends Omit<LockPolicy, "source"> {
  /** By what a policy that we made is found again. */
  readonly mark: string;
}

/** Outputs of a policy, as docs/outputs.md promises them. */
export interface PolicyOutputs {
  readonly policy: PolicyInputs;
  /** Intune's; null while there is none. */
  readonly id: string | null;
  readonly form: PolicyForm | null;
  readonly outcome: PolicyOutcome;
  readonly message: string;
  /** What Intune had when it was looked at last. */
  readonly seen: { readonly title: string; readonly allowsLock: boolean | null; readonly groups: PolicyGroups } | null;
  /** What differed then from what the file wants. */
  readonly differences: readonly string[];
}

/** Holds nothing of Intune's. */
export function policyInputs({ name, title, platform, groups, adopt, accept }: LockPolicy, stack: string): PolicyInputs {
  return { name, title, platform, groups, adopt, accept, mark: markOf(stack, name, platform) };
}

/** What state knows of a policy. */
export interface KnownPolicy {
  readonly name: string;
  readonly id: string | null;
  readonly isAdopted: boolean;
  readonly mark: string;
  /** What the last run brought about, as one text; null where it did not. */
  readonly inPlace: string | null;
}

/** The inputs without what Pulumi adds to them. */
export function ownInputs({ name, title, platform, groups, adopt, accept, mark }: PolicyInputs): PolicyInputs {
  return { name, title, platform, groups, adopt, accept, mark };
}

/** One text for equal inputs. */
export function policyText(inputs: PolicyInputs): string {
  return canonicalJson({ ...ownInputs(inputs) });
}

/** Empty for outputs that no run of ours wrote. */
export function knownPolicyIn(outputs: unknown): readonly KnownPolicy[] {
  if (!isObject(outputs) || !isObject(outputs.policy)) return [];
  const { name, adopt, mark } = outputs.policy;
  if (typeof name !== "string" || typeof mark !== "string") return [];
  const inPlace = outputs.outcome === "inPlace" ? canonicalJson(outputs.policy) : null;
  return [{ name, mark, inPlace, id: typeof outputs.id === "string" ? outputs.id : null, isAdopted: typeof adopt === "string" }];
}
