import { findRemoteAction } from "../../domain/actions/action-table.ts";
import { secretMadeOn, shownMs } from "../../domain/actions/result-secret.ts";
import type { SecretOnItsWay } from "../../domain/observation.ts";
import type { PlannedDevice } from "../../domain/plan.ts";
import type { LedgerFacts } from "../../domain/ports.ts";
import type { RequestHistory, StepState } from "../../domain/request-history.ts";
import type { ResultSecret } from "../../domain/secret-kinds.ts";
import { historyOf, stepOf } from "../history.ts";
import type { OurTime } from "../our-time.ts";

/**
 * The newest action of any request that makes a secret on the device, or may have made one, which
 * is not in escrow yet. It is on its way until its step or its request has ended, a person has
 * settled it, or Intune does not show it any more, as far as a clock that is sure tells.
 */
export function secretOnItsWay(facts: LedgerFacts, devices: readonly PlannedDevice[], time: OurTime): SecretOnItsWay | null {
  for (const { key, step, action, at } of facts.secretIntents(...devices).toReversed()) {
    const history = historyOf(facts.recordsOf(key));
    const secret = secretOf(action, history);
    const isOver = !isOpen(stepOf(history, { index: step })) || hasEnded(history);
    // A time that cannot be read counts as now.
    const isShown = secret !== null && !(time.isClockSure && time.now - Date.parse(at) >= shownMs(secret));
    if (isShown && !isOver) return { key, action, kind: secret.kind, at };
  }
  return null;
}

function secretOf(name: string, { begun }: RequestHistory): ResultSecret | null {
  const action = findRemoteAction(name);
  return action === undefined || begun === null ? null : secretMadeOn(action, begun.device);
}

function isOpen(state: StepState): boolean {
  switch (state.kind) {
    case "inDoubt":
    case "adopted":
      return true;
    case "accepted":
      return state.settled === null;
    case "untouched":
    case "mayBeSentAgain":
    case "signInRequired":
    case "approvalRequired":
    case "judged":
    case "adoptedJudged":
    case "refused":
    case "finished":
      return false;
  }
}

/** True for an ended request: no run follows it any more, so its secret will not be escrowed. */
function hasEnded({ standing }: RequestHistory): boolean {
  const outcome = standing?.outcome;
  return outcome === "succeeded" || outcome === "failed" || outcome === "expired";
}
