import type { LockPolicies, PolicyWrite, SeenPolicy } from "../../domain/lock-policy.ts";
import type { SendResult } from "../../domain/ports.ts";
import { decidePolicy, descriptionOf, type PolicyDecision } from "../../rules/lock-policy-rules.ts";
import { findPolicy } from "../find-policy.ts";
import { ownInputs, type PolicyInputs, type PolicyOutcome, type PolicyOutputs } from "../policy-state.ts";

/** What a policy is brought about with. */
export interface PolicyPorts {
  readonly policies: LockPolicies;
  /** Why nothing may be written now, or null; asked before each write. */
  readonly heldBack: () => Promise<string | null>;
}

/** One write each at most: what Graph does not show after that, the next run looks at again. */
type Act = "create" | "settings" | "groups";

/**
 * The one flow of create and update: look, decide, write, look again, until the policy is as its
 * file wants it or cannot be. `id`: what state knows. Throws what reads throw: then nothing is
 * known, and nothing is lost, for a policy is found again by its mark.
 */
export function ensurePolicy(inputs: PolicyInputs, id: string | null, ports: PolicyPorts): Promise<PolicyOutputs> {
  return new Run(inputs, id, ports).toEnd();
}

class Run {
  readonly #inputs: PolicyInputs;
  readonly #ports: PolicyPorts;
  readonly #done = new Set<Act>();
  #id: string | null;
  #agreed: readonly string[] = [];

  constructor(inputs: PolicyInputs, id: string | null, ports: PolicyPorts) {
    this.#inputs = inputs;
    this.#ports = ports;
    this.#id = id;
  }

  async toEnd(): Promise<PolicyOutputs> {
    for (;;) {
      const seen = await findPolicy(this.#inputs, this.#id, this.#ports.policies);
      this.#id = seen?.id ?? this.#id;
      const decision = decidePolicy(this.#inputs, seen, descriptionOf(this.#inputs.mark), this.#agreed);
      const ended = await this.#step(decision, seen);
      if (ended !== null) return outputsOf(this.#inputs, { id: this.#id, seen }, withDifferences(ended, decision));
    }
  }

  /** Null where something was written, and there is more to look at. */
  async #step(decision: PolicyDecision, seen: SeenPolicy | null): Promise<Ended | null> {
    if (decision.kind !== "create" && decision.kind !== "change") return decision;
    const act = nextAct(decision);
    // What was made or changed just now may not be shown yet.
    if (this.#done.has(act)) return waiting(AGAIN);
    const held = await this.#ports.heldBack();
    if (held !== null) return waiting(held);
    if (decision.kind === "change" && this.#agreed.length === 0) this.#agreed = decision.differences;
    this.#done.add(act);
    const write = await perform(act, { inputs: this.#inputs, seen, policies: this.#ports.policies });
    this.#id = write.id ?? this.#id;
    return failureOf(write.result);
  }
}

const AGAIN = "Graph took it, and does not show it yet: the next run looks again";

/** Settings before groups: nobody gets what is not right yet. */
function nextAct(decision: Writing): Act {
  if (decision.kind === "create") return "create";
  return decision.settings ? "settings" : "groups";
}

interface Work {
  readonly inputs: PolicyInputs;
  readonly seen: SeenPolicy | null;
  readonly policies: LockPolicies;
}

function perform(act: Act, { inputs: { name, title, platform, groups, adopt, mark }, seen, policies }: Work): Promise<PolicyWrite> {
  const names = { title: title ?? name, description: descriptionOf(mark) };
  if (act === "create" || seen === null) return policies.create(names.title, names.description, platform);
  if (act === "settings") return policies.change(seen, adopt === null ? names : null);
  return policies.assign(seen, groups);
}

type Writing = Extract<PolicyDecision, { readonly kind: "create" | "change" }>;

type Ended = Exclude<PolicyDecision, Writing>;

function waiting(message: string): Ended {
  return { kind: "held", message, differences: [] };
}

function withDifferences(ended: Ended, decision: PolicyDecision): Ended {
  if (ended.kind === "inPlace" || !("differences" in decision)) return ended;
  return { ...ended, differences: decision.differences };
}

/** Null where Graph took it. */
function failureOf(result: SendResult): Ended | null {
  switch (result.kind) {
    case "accepted":
      return null;
    case "refused":
      return {
        kind: "failed",
        message: `Graph refused it: ${result.detail}${result.status === 403 ? `; ${RIGHTS}` : ""}`,
        differences: [],
      };
    case "unknown":
      return { kind: "held", message: `nobody can tell whether Graph took it (${result.detail}): the next run looks`, differences: [] };
    case "throttled":
      return { kind: "held", message: result.detail, differences: [] };
    case "approvalRequired":
      return {
        kind: "held",
        message: "Graph wants the approval of another administrator for it: change it by hand, the next run looks",
        differences: [],
      };
    case "signInRequired":
      return { kind: "failed", message: result.detail, differences: [] };
  }
}

const RIGHTS = "the identity of up needs DeviceManagementConfiguration.ReadWrite.All for policies";

/** What state keeps. */
export function outputsOf(
  inputs: PolicyInputs,
  { id, seen }: { readonly id: string | null; readonly seen: SeenPolicy | null },
  ended: PolicyDecision,
): PolicyOutputs {
  const told = "message" in ended ? ended : { message: "it is in Intune as its file wants it", differences: [] };
  const outcome: PolicyOutcome = ended.kind === "inPlace" || ended.kind === "failed" ? ended.kind : "held";
  return {
    policy: ownInputs(inputs),
    id,
    form: seen?.form ?? null,
    outcome,
    message: told.message,
    seen: seen === null ? null : { title: seen.title, allowsLock: seen.allowsLock, groups: seen.groups },
    differences: told.differences,
  };
}
