import { GraphReadError, HeldBackError } from "../../domain/errors.ts";
import type { SeenPolicy } from "../../domain/lock-policy.ts";
import { decidePolicy, descriptionOf, mayDelete } from "../../rules/lock-policy-rules.ts";
import { findPolicy } from "../find-policy.ts";
import type { OpenedPorts } from "../open-ports.ts";
import type { PolicyInputs, PolicyOutputs } from "../policy-state.ts";
import type { Settings } from "../settings.ts";
import { ensurePolicy, outputsOf } from "./ensure-policy.ts";
import type { Guard } from "./guard.ts";

/** Where policies are, and whether anything may be written. */
interface SessionPorts {
  readonly policies: OpenedPorts["policies"];
  readonly ledger: Pick<OpenedPorts["ledger"], "brake">;
}

/** What one provider process does for the policies of a run. */
export class PolicySession {
  readonly #ports: SessionPorts;
  readonly #settings: Pick<Settings, "followOnly">;
  readonly #guard: Pick<Guard, "checkWorld" | "doubt">;

  constructor(ports: SessionPorts, settings: Pick<Settings, "followOnly">, guard: Pick<Guard, "checkWorld" | "doubt">) {
    this.#ports = ports;
    this.#settings = settings;
    this.#guard = guard;
  }

  async ensure(inputs: PolicyInputs, id: string | null): Promise<PolicyOutputs> {
    await this.#guard.checkWorld();
    return ensurePolicy(inputs, id, { policies: this.#ports.policies, heldBack: () => this.#heldBack() });
  }

  /**
   * Looks, and writes nothing. What cannot be looked at stays as it was, and says so: the refresh
   * of everything else goes on.
   */
  async refresh(state: PolicyOutputs): Promise<PolicyOutputs> {
    await this.#guard.checkWorld();
    try {
      return refreshed(state, await findPolicy(state.policy, state.id, this.#ports.policies));
    } catch (error) {
      if (!(error instanceof GraphReadError)) throw error;
      return { ...state, message: `the last refresh could not look at it: ${error.message}` };
    }
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

function refreshed({ policy, id }: PolicyOutputs, seen: SeenPolicy | null): PolicyOutputs {
  const decision = decidePolicy(policy, seen, descriptionOf(policy.mark));
  const drifted = (message: string) =>
    ({ kind: "held", message, differences: "differences" in decision ? decision.differences : [] }) as const;
  if (decision.kind === "create") return outputsOf(policy, { id: null, seen }, drifted("Intune has it no more, or does not show it"));
  if (decision.kind === "change") return outputsOf(policy, { id, seen }, drifted("it was changed in Intune"));
  return outputsOf(policy, { id: seen?.id ?? id, seen }, decision);
}
