import { isRepeatable } from "../../domain/actions/action-table.ts";
import type { ManagedDevice } from "../../domain/managed-device.ts";
import type { EscrowWatch, Ports } from "../../domain/ports.ts";
import { historyOf } from "../../engine/history.ts";
import type { Job, RunSettings } from "../../engine/job.ts";
import { reconcile } from "../../engine/reconcile.ts";
import { rememberedDevice, reportOf } from "../../engine/report.ts";
import { findingsOf, mendable, mendableDrift } from "../drift-findings.ts";
import { type LifecycleInputs, type LifecycleOutputs, outputsOf } from "../state.ts";
import { observeDrift, withFindings } from "./drift/observe-drift.ts";
import { endPending } from "./end-pending.ts";
import type { Guard } from "./guard.ts";

/** What only a refresh looks with. */
export interface RefreshSights {
  readonly escrowWatch: EscrowWatch;
  /** Every device of the tenant, read once. Throws `GraphReadError`. */
  readonly everyDevice: () => Promise<readonly ManagedDevice[]>;
}

/** What one provider process does for all resources of a run. */
export class Session {
  readonly #ports: Ports & RefreshSights;
  readonly #settings: RunSettings;
  readonly #guard: Guard;

  constructor(ports: Ports & RefreshSights, settings: Omit<RunSettings, "hold" | "unreviewed" | "unshown">, guard: Guard) {
    this.#ports = ports;
    this.#settings = { ...settings, hold: guard.hold, unreviewed: guard.unreviewed, unshown: guard.unshown };
    this.#guard = guard;
  }

  /** Create and update are the same thing: whatever is left to do is done. */
  async perform(inputs: LifecycleInputs): Promise<LifecycleOutputs> {
    // A change of settings is recorded by the first run that does anything, also one that is not
    // held back.
    await this.#guard.hold();
    const outputs = outputsOf(inputs, await reconcile(jobOf(inputs), this.#ports, this.#settings));
    return inputs.findings === undefined ? outputs : withFindings(outputs, inputs.findings);
  }

  /**
   * Does the steps of a drifted request anew, where every step is safe to repeat and the request
   * asks for it.
   */
  async repeat(inputs: LifecycleInputs, state: LifecycleOutputs): Promise<LifecycleOutputs> {
    await this.#guard.checkWorld();
    await this.#guard.checkKnown(state);
    await this.#guard.hold();
    const repeats = !this.#settings.followOnly && mayRepeat(inputs, state);
    if (repeats) {
      const reason = mendableDrift(state) ?? "drifted";
      const at = new Date(this.#ports.clock.now()).toISOString();
      const { key, device } = inputs.plan;
      await this.#ports.ledger.withDevice(device.id, () => this.#ports.ledger.append({ kind: "repeated", key, at, reason }));
    }
    return keepFindings(await this.perform(inputs), state, repeats);
  }

  /**
   * Looks at the device and the escrow of a finished request again, and records nothing; of one
   * that is not finished, ends what Graph took.
   */
  async refresh(state: LifecycleOutputs): Promise<LifecycleOutputs> {
    await this.#guard.checkWorld();
    if (state.outcome !== "succeeded") return await endPending(state, this.#ports, this.#settings);
    return await observeDrift(state, this.#ports, this.#settings.goneAfterMs);
  }

  /** What the ledger knows of a request whose run broke; undefined when nothing was begun. */
  async remember(inputs: LifecycleInputs, message: string): Promise<LifecycleOutputs | undefined> {
    await this.#guard.checkWorld();
    const history = historyOf(await this.#ports.ledger.recordsOf(inputs.plan.key));
    if (history.begun === null) return undefined;
    const { plan } = history.begun;
    const verdict = { outcome: "pending", reason: "Interrupted", message } as const;
    return outputsOf(inputs, reportOf(plan, history, verdict, rememberedDevice(plan, history)));
  }
}

function mayRepeat({ request, plan }: LifecycleInputs, state: LifecycleOutputs): boolean {
  return (
    request.onDrift === "repeat" &&
    request.generation === state.request.generation &&
    mendableDrift(state) !== null &&
    plan.steps.every((step) => isRepeatable(step.action))
  );
}

/**
 * What was found stays found until a refresh sees otherwise; what was done anew for it is dropped.
 */
function keepFindings(outputs: LifecycleOutputs, state: LifecycleOutputs, repeats: boolean): LifecycleOutputs {
  if (outputs.request.generation !== state.request.generation) return outputs;
  const mended = repeats ? mendable(state) : [];
  return withFindings(
    outputs,
    findingsOf(state).filter((finding) => !mended.includes(finding)),
  );
}

function jobOf(inputs: LifecycleInputs): Job {
  const { name, reason, source, acknowledge, repeats, edition, stack } = inputs.request;
  const terms = { expires: inputs.expires, ticket: inputs.ticket, acknowledge };
  return { name, plan: inputs.plan, terms, edition, reason, source, repeats, stack };
}
