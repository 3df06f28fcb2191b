import type { SeenPolicy } from "../../providers/domain/lock-policy.ts";
import type { PolicyInputs } from "../../providers/pulumi/policy-state.ts";
import { descriptionOf, markOf, type WantedPolicy } from "../../providers/rules/lock-policy-rules.ts";

export const GROUP_A = "0a1b2c3d-0000-4000-8000-00000000000a";
export const GROUP_B = "0a1b2c3d-0000-4000-8000-00000000000b";
export const POLICY_ID = "5b1c2d3e-0000-4000-8000-000000000001";
export const MARK = markOf("prod", "activation-lock", "iOS");
export const DESCRIPTION = descriptionOf(MARK);

export function policyOf(changes: Partial<PolicyInputs> = {}): PolicyInputs {
  const groups = { include: [GROUP_A], exclude: [] };
  return { name: "activation-lock", title: "activation-lock", platform: "iOS", groups, adopt: null, accept: null, mark: MARK, ...changes };
}

export function wanted(changes: Partial<WantedPolicy> = {}): WantedPolicy {
  const { title, platform, groups, adopt, accept } = policyOf();
  return { title, platform, groups, adopt, accept, ...changes };
}

/** As its file wants it. */
export function seenPolicy(changes: Partial<SeenPolicy> = {}): SeenPolicy {
  return {
    id: POLICY_ID,
    form: "settingsCatalog",
    title: "activation-lock",
    description: DESCRIPTION,
    platforms: ["iOS"],
    allowsLock: true,
    otherSettings: 0,
    groups: { include: [GROUP_A], exclude: [] },
    otherTargets: [],
    ...changes,
  };
}
