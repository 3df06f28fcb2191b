import type { Acknowledgement } from "../../providers/domain/actions/action-table.ts";
import type { CloudName } from "../../providers/domain/cloud-name.ts";
import type { DiagnosticCode } from "../../providers/domain/diagnostic-codes.ts";
import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import type { Plan, PlanStep } from "../../providers/domain/plan.ts";
import { RULES } from "../../providers/rules/all-rules.ts";
import type { RuleFacts } from "../../providers/rules/rule.ts";

/** What a rule is asked about where nothing stands against anything. */
export function ruleFacts(plan: Plan, device: ManagedDevice | null, changes: Partial<RuleFacts> = {}): RuleFacts {
  return {
    request: { name: "leeds-leaver-0042", repeats: null, terms: { expires: null, acknowledge: [] } },
    plan,
    isBegun: false,
    steps: plan.steps,
    sent: new Set(),
    calls: [],
    isGuarded: false,
    hasEscrowedCode: false,
    device,
    run: { cloud: "global", followOnly: false, maxDestructive: 5, maxDisruptive: 50, protected: [], canResendSecrets: true },
    coming: { destructive: 0, disruptive: 0, sends: new Map() },
    now: 0,
    lookAgeMs: null,
    isPaused: false,
    seen: {},
    ...changes,
  };
}

interface Violation {
  readonly code: DiagnosticCode | null;
  readonly message: string;
  readonly hint: string;
}

interface DeviceCheck {
  /** What is left to do; the whole plan unless said. */
  readonly steps?: readonly PlanStep[];
  readonly acknowledge?: readonly Acknowledgement[];
  readonly cloud?: CloudName;
}

/** All that stands against a plan by the device and the cloud. */
export function checkDevice(
  plan: Plan,
  device: ManagedDevice,
  { steps = plan.steps, acknowledge = [], cloud = "global" }: DeviceCheck = {},
): readonly Violation[] {
  const facts = ruleFacts(plan, device, { steps });
  const asked = { ...facts, request: { ...facts.request, terms: { expires: null, acknowledge } }, run: { ...facts.run, cloud } };
  return RULES.filter((rule) => rule.asked.includes("step") && rule.asked.includes("program")).flatMap((rule) => {
    const answer = rule.ask(asked);
    return answer.kind === "against" ? answer.findings.map((finding) => ({ code: rule.code, ...finding })) : [];
  });
}
