import { GraphReadError, HeldBackError } from "../../domain/errors.ts";
import { decidePolicy, descriptionOf, mayDelete } from "../../rules/lock-policy-rules.ts";
import { findPolicy } from "../find-policy.ts";
import type { OpenedPorts } from "../open-ports.ts";
import { type PolicyInputs, type PolicyOutputs, wantedOf } from "../policy-state.ts";
import type { Settings } from "../settings.ts";
import { ensurePolicy, outputsOf } from "./ensure-policy.ts";
import type { Guard } from "./guard.ts";

/** What one provider process does for the policies of a run. */
export class PolicySession {
  readonly #ports: OpenedPorts;
  readonly #settings: Settings;
  readonly #guard: Guard;

  constructor(ports: OpenedPorts, settings: Settings, guard: Guard) {
    this.#ports = ports;
    this.#settings = settings;
    this.#guard = guard;
  }

  async ensure(inputs: PolicyInputs, id: string | null): Promise<PolicyOutputs> {
    await this.#guard.checkWorld();
    return ensurePolicy(inputs, id, { policies: this.#ports.policies, heldBack: () => this.#heldBack() });
  }

  /** Looks, and writes nothing. */
  async refresh({ policy, id }: PolicyOutputs): Promise<PolicyOutputs> {
    await this.#guard.checkWorld();
    const seen = await findPolicy(policy, id, this.#ports.policies);
    const decision = decidePolicy(wantedOf(policy), seen, descriptionOf(policy.mark));
    const drifted = { kind: "held", differences: "differences" in decision ? decision.differences : [] } as const;
    if (decision.kind === "create")
      return outputsOf(policy, { id: null, seen }, { ...drifted, message: "Intune has it no more, or does not show it" });
    if (decision.kind === "change") return outputsOf(policy, { id, seen }, { ...drifted, message: "it was changed in Intune" });
    return outputsOf(policy, { id: seen?.id ?? id, seen }, decision);
  }

  /**
   * Takes it out of Intune where nobody has it and we made it; otherwise it is only forgotten.
   * Throws `HeldBackError`, and `GraphReadError` where Graph does not do it: state then keeps it.
   */
  async forget({ policy, id }: PolicyOutputs): Promise<void> {
    if (policy.adopt !== null || id === null) return;
    await this.#guard.checkWorld();
    const seen = await this.#ports.policies.read(id);
    if (seen === null || !mayDelete(seen, policy.mark)) return;
    const held = await this.#heldBack();
    if (held !== null)
      throw new HeldBackError(`the policy ${policy.name} is not deleted: ${held}`, { hint: "run up again when nothing holds it back" });
    const { result } = await this.#ports.policies.remove(seen);
    if (result.kind === "accepted") return;
    const detail = "detail" in result ? result.detail : "it wants the approval of another administrator";
    throw new GraphReadError(`Graph did not delete the policy ${policy.name} (${id}): ${detail}`, {
      hint: "run up again, or delete it by hand",
    });
  }

  async #heldBack(): Promise<string | null> {
    if (this.#settings.followOnly) return "followOnly is set: this run starts nothing new";
    const brake = await this.#ports.ledger.brake();
    return brake === null ? this.#guard.doubt() : `the brake is set: ${brake}`;
  }
}
