import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import type { LifecycleRequest } from "../../providers/domain/request.ts";
import type { FirstAct } from "../../providers/engine/decide/first-act.ts";
import { previewWarnings } from "../../providers/pulumi/program/preview-warnings.ts";
import { reviewedRequests } from "../../providers/pulumi/program/reviewed-requests.ts";
import type { Review, ReviewedRequest } from "../../review/review.ts";
import { ANDROID } from "./fakes-devices.ts";
import { AT } from "./fakes-records.ts";
import { jobOf, type StepText } from "./fakes-requests.ts";
import { entryOf } from "./fakes-resolved.ts";

/** A review that nothing is wrong with, of a tenant of Microsoft's. */
export function reviewOf(requests: readonly ReviewedRequest[], changes: Partial<Review> = {}): Review {
  return {
    format: 1,
    stack: "prod",
    commit: "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
    at: AT,
    graph: "https://graph.microsoft.com",
    tenant: "11111111-2222-3333-4444-555555555555",
    ledger: { place: "https://contoso.blob.core.windows.net/ledger", made: "2026-01-01T00:00:00.000Z" },
    guards: {
      requireReview: true,
      followOnly: false,
      shard: "1/1",
      protected: [],
      maxDestructive: { limit: 5, used: 2 },
      maxDisruptive: { limit: 50, used: 0 },
      hold: null,
    },
    warnings: [],
    requests,
    refusals: [],
    ...changes,
  };
}

interface Shown {
  readonly name?: string;
  readonly device?: ManagedDevice | null;
  readonly request?: Partial<Omit<LifecycleRequest, "steps" | "name">>;
  readonly act?: FirstAct;
  readonly lacking?: string;
}

const FACTS = { now: Date.parse(AT), wasApprovalAsked: () => false };

/** One request as a preview leaves it; it wipes, or does what its first step says, unless said. */
export function reviewed(
  steps: readonly StepText[],
  { name = "wipe-one", device = ANDROID, request = {}, act, lacking }: Shown = {},
): ReviewedRequest {
  const found = entryOf({ steps, name, device: { id: (device ?? ANDROID).id }, ...request }, { device });
  const entry = { ...found, plan: jobOf(found.request, device ?? ANDROID).plan };
  const [step] = entry.plan.steps;
  if (step === undefined) throw new TypeError("a request has steps");
  const acts = new Map([
    [name, act ?? ({ kind: "acts", how: "sends", step, text: step.action === "wipe" ? "WIPES" : `sends ${step.action}` } as const)],
  ]);
  const [one] = reviewedRequests(
    [entry],
    acts,
    new Map(lacking === undefined ? [] : [[name, lacking]]),
    previewWarnings([entry], acts, FACTS),
  );
  if (one === undefined) throw new TypeError("nothing was reviewed");
  return one;
}

export const ends = (outcome: Extract<FirstAct, { kind: "ends" }>["verdict"]["outcome"], text: string): FirstAct => ({
  kind: "ends",
  verdict: { outcome, reason: "Why", message: text },
  text,
});
