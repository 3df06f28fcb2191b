import type { Condition } from "../domain/outcome.ts";
import { deviceReference, planDestroysData } from "../domain/plan.ts";
import type { Ports } from "../domain/ports.ts";
import type { LifecycleOutputs } from "./state.ts";

/**
 * What `pulumi refresh` finds out about a succeeded request: the device is looked at again, nothing is changed and nothing is
 * recorded in the ledger. Returns the state with its `Drifted` condition set or cleared.
 */
export async function observeDrift(
  state: LifecycleOutputs,
  ports: Pick<Ports, "directory" | "fingerprint" | "clock">,
): Promise<LifecycleOutputs> {
  if (state.outcome !== "succeeded") return state;
  const others = state.conditions.filter((condition) => condition.type !== "Drifted");
  const finding = await findDrift(state, ports);
  if (finding === null) return { ...state, conditions: others };
  const known = state.conditions.find((condition) => condition.type === "Drifted");
  const lastTransitionTime = known?.reason === finding.reason ? known.lastTransitionTime : new Date(ports.clock.now()).toISOString();
  const drifted: Condition = { type: "Drifted", status: "True", ...finding, lastTransitionTime };
  return { ...state, conditions: [...others, drifted] };
}

type Finding = Pick<Condition, "reason" | "message">;

async function findDrift(state: LifecycleOutputs, ports: Pick<Ports, "directory" | "fingerprint">): Promise<Finding | null> {
  const device = await ports.directory.observe(deviceReference(state.plan));
  // A device that was wiped on purpose is gone, or set up again: that is no drift, and no reason to suggest another wipe.
  if (planDestroysData(state.plan)) return null;
  if (device === null) return { reason: "LeftIntune", message: "the device is not in Intune any more" };
  if (device.enrolledDateTime !== state.plan.device.enrolledDateTime) {
    return {
      reason: "EnrolledAnew",
      message: `the device was enrolled anew at ${device.enrolledDateTime ?? "an unknown time"}; generation: ${state.request.generation + 1} does the request again`,
    };
  }
  return findNewCode(state, ports);
}

/** A device makes a new code when it is set up, restored, or when Find My is turned on again. */
async function findNewCode(state: LifecycleOutputs, ports: Pick<Ports, "directory" | "fingerprint">): Promise<Finding | null> {
  const known = state.bypassCode?.fingerprint ?? null;
  if (known === null) return null;
  const code = await ports.directory.readBypassCode(deviceReference(state.plan));
  if (code === null || ports.fingerprint(code) === known) return null;
  return { reason: "BypassCodeChanged", message: "the device has another Activation Lock bypass code than the escrowed one" };
}
