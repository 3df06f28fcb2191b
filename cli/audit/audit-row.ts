import type { AuditActor } from "../../providers/domain/audit-log.ts";
import { requestNameOf } from "../../providers/domain/request.ts";
import type { Explained, Explanation } from "../../providers/rules/audit/explain-actions.ts";

/** One action of the tenant's on a device, as `dlr audit` tells it; scripts rely on the names. */
export interface AuditRow {
  readonly event: string;
  /** Graph's time: ISO 8601, UTC. */
  readonly at: string;
  readonly action: string;
  readonly device: { readonly id: string | null; readonly name: string | null };
  readonly actor: AuditActor;
  /** `explained` by a request, `failed` by Intune's word, or `foreign`. */
  readonly verdict: "explained" | "failed" | "foreign";
  /** Name of the request; null where none explains it. */
  readonly request: string | null;
  /** What tells that it is the request's, in words; null where nothing does. */
  readonly by: string | null;
  /** A run has reported it. */
  readonly reported: boolean;
}

/** `isReported`: whether the ledger has it as foreign. */
export function auditRowOf({ action, explanation }: Explained, isReported: boolean): AuditRow {
  const { event, at, action: name, device, deviceName, actor } = action;
  return { event, at, action: name, device: { id: device, name: deviceName }, actor, ...verdictOf(explanation), reported: isReported };
}

function verdictOf(explanation: Explanation): Pick<AuditRow, "verdict" | "request" | "by"> {
  switch (explanation.kind) {
    case "sent": {
      const by = explanation.by === "clientRequestId" ? "client-request-id" : "device and time";
      return { verdict: "explained", request: requestNameOf(explanation.send.intent.key), by };
    }
    case "takenOver":
      return { verdict: "explained", request: requestNameOf(explanation.key), by: "taken over" };
    case "consequence":
      return { verdict: "explained", request: requestNameOf(explanation.key), by: "follows from it" };
    case "failed":
      return { verdict: "failed", request: null, by: null };
    case "foreign":
      return { verdict: "foreign", request: null, by: null };
  }
}
