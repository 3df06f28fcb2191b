import type { PlanStep } from "../../domain/plan.ts";
import type { RequestHistory } from "../../domain/request-history.ts";
import { type Decision, finish, look } from "./decision.ts";
import type { Situation } from "./situation.ts";
import { NOT_VISIBLE } from "./verdict.ts";

/**
 * What is left to do before anything may follow from a device that Graph does not know; null once
 * it is proven that it left Intune. One look is no proof: Graph also says so of a device that the
 * identity may not see, and for a while of one that is there.
 */
export function proveGone(situation: Situation, step: PlanStep): Decision | null {
  const { job, seen, missingSince, now, goneAfterMs, mayWait } = situation;
  if (seen.gone?.kind === "seen") return null;
  const notKnown = `Graph says that it does not know device ${job.plan.device.id}`;
  if (seen.gone?.kind === "unreadable") return notVisible(`${notKnown}, and a closer look failed: ${seen.gone.why}`);
  if (seen.gone !== undefined) return notVisible(`${notKnown}, and ${seen.gone.evidence}`);
  const left = goneAfterMs - Math.max(0, now - (missingSince ?? now));
  if (left <= 0) return look(step, "gone");
  if (mayWait) return { kind: "wait", for: "gone", atMostMs: left };
  return notVisible(`${notKnown}, and one look is no proof that it left Intune`);
}

function notVisible(what: string): Decision {
  const message = `${what}. This identity may not see it (scope tags of its role): look for it in the Intune admin centre; the next up looks again`;
  return finish("pending", NOT_VISIBLE, message);
}

/**
 * When an earlier run found that Graph does not know the device, where nothing came after it;
 * milliseconds by our clock, or null.
 */
export function missedBefore({ standing }: Pick<RequestHistory, "standing">): number | null {
  if (standing?.seen !== null) return null;
  const at = Date.parse(standing.at);
  return Number.isNaN(at) ? null : at;
}
