import { assertNever } from "../../domain/assert-never.ts";
import { NotVisibleError } from "../../domain/errors.ts";
import type { ManagedDevice } from "../../domain/managed-device.ts";
import { seen } from "../../domain/observation.ts";
import type { Condition } from "../../domain/outcome.ts";
import { deviceReference, planDestroysData } from "../../domain/plan.ts";
import type { Ports } from "../../domain/ports.ts";
import { whereNow } from "../../rules/enrolment-rules.ts";
import type { LifecycleOutputs } from "../state.ts";

/**
 * What `pulumi refresh` finds out about a succeeded request: the device is looked at again, nothing
 * is changed and nothing is recorded in the ledger. Returns the state with its `Drifted` condition
 * set or cleared; its status is `Unknown` where nobody can tell.
 */
export async function observeDrift(state: LifecycleOutputs, ports: DriftPorts, goneAfterMs: number): Promise<LifecycleOutputs> {
  if (state.outcome !== "succeeded") return state;
  const others = state.conditions.filter((condition) => condition.type !== "Drifted");
  const finding = await findDrift(state, ports, goneAfterMs);
  if (finding === null) return { ...state, conditions: others };
  const known = state.conditions.find((condition) => condition.type === "Drifted");
  const lastTransitionTime = known?.reason === finding.reason ? known.lastTransitionTime : new Date(ports.clock.now()).toISOString();
  return { ...state, conditions: [...others, { type: "Drifted", status: "True", ...finding, lastTransitionTime }] };
}

type DriftPorts = Pick<Ports, "directory" | "fingerprint" | "clock">;
type Finding = Pick<Condition, "reason" | "message"> & Partial<Pick<Condition, "status">>;

async function findDrift(state: LifecycleOutputs, ports: DriftPorts, goneAfterMs: number): Promise<Finding | null> {
  const looked = await ports.directory.observe(deviceReference(state.plan)).catch(notVisible);
  // A device that was wiped on purpose is gone, or set up again: that is no drift, and no reason to
  // suggest another wipe.
  if (planDestroysData(state.plan)) return null;
  const device = looked ?? (await lookAgain(state, ports, goneAfterMs).catch(notVisible));
  if ("reason" in device) return device;
  const [now, then] = [device.enrolledDateTime, state.plan.device.enrolledDateTime];
  if (now === null && then !== null) return hidden("NotVisible", "Graph does not tell when the device was enrolled");
  if (now !== null && then !== null && now !== then) {
    return {
      reason: "EnrolledAnew",
      message: `the device was enrolled anew at ${now}; generation: ${state.request.generation + 1} does the request again`,
    };
  }
  return findNewCode(state, ports);
}

/**
 * The refresh that finds the device missing for the first time cannot tell; one that comes some
 * time later looks closely.
 */
async function lookAgain(state: LifecycleOutputs, { directory, clock }: DriftPorts, goneAfterMs: number): Promise<ManagedDevice | Finding> {
  const known = state.conditions.find(({ type }) => type === "Drifted");
  const hasLasted = known?.reason === MISSED && clock.now() - Date.parse(known.lastTransitionTime) >= goneAfterMs;
  if (!hasLasted && known?.reason !== LEFT)
    return hidden(MISSED, "Graph says that it does not know the device, and one look is no proof that it left Intune");
  const answer = await directory.lookForGone(deviceReference(state.plan), state.plan.device.serialNumber);
  switch (answer.kind) {
    case "there":
      return answer.device;
    case "listed":
      return hidden("NotVisible", `Graph says that it does not know the device, and ${answer.detail}`);
    case "gone":
      return { reason: LEFT, message: `the device is not in Intune any more${whereNow({ gone: seen(answer, clock.now(), "Graph") })}` };
    default:
      return assertNever(answer);
  }
}

const MISSED = "NotKnown";
const LEFT = "LeftIntune";

/** Nobody can tell: the device may be as it was. */
function hidden(reason: string, what: string): Finding {
  return {
    status: "Unknown",
    reason,
    message: `${what}; this identity may not see it (scope tags of its role), and the next refresh looks again`,
  };
}

function notVisible(error: unknown): Finding {
  if (error instanceof NotVisibleError) return hidden("NotVisible", error.message);
  throw error;
}

/** A device makes a new code when it is set up, restored, or when Find My is turned on again. */
async function findNewCode(state: LifecycleOutputs, ports: DriftPorts): Promise<Finding | null> {
  const known = state.bypassCode?.fingerprint ?? null;
  if (known === null) return null;
  const code = await ports.directory.readBypassCode(deviceReference(state.plan));
  if (code === null || ports.fingerprint(code) === known) return null;
  return { reason: "BypassCodeChanged", message: "the device has another Activation Lock bypass code than the escrowed one" };
}
