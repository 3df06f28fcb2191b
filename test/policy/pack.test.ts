import { describe, expect, test } from "@jest/globals";
import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { freezeRule } from "../../policy/freeze-rule.ts";
import { asPolicy } from "../../policy/pack.ts";
import { ticketRule } from "../../policy/ticket-rule.ts";
import { RESOURCE_TYPE } from "../../providers/domain/project.ts";
import { inputsOf } from "../../providers/pulumi/state.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

const request = lifecycleRequest(["wipe"], { ticket: "CHG-1" });
const props = { ...inputsOf(request, jobOf(request).plan, { destructive: true, begun: false, stack: "prod" }) };

/** What a policy reports of the request, asked as the engine asks it. */
async function reports(policy: ResourceValidationPolicy, settings: object): Promise<readonly string[]> {
  const told: string[] = [];
  const shown = {
    type: RESOURCE_TYPE,
    props,
    getConfig: () => ({ enforcementLevel: "mandatory", ...settings }),
  } as Partial<ResourceValidationArgs>;
  const { validateResource } = policy;
  if (typeof validateResource !== "function") throw new TypeError("a policy has one function");
  await validateResource(shown as ResourceValidationArgs, (text) => told.push(text));
  return told;
}

describe("a policy as the engine asks it", () => {
  test("reports what its rule says", async () => {
    expect(await reports(asPolicy(ticketRule), { about: "all", pattern: "^INC-" })).toEqual([
      `the ticket of ${request.name} does not match ^INC-: CHG-1`,
    ]);
  });

  test.each<[string, ResourceValidationPolicy, object, string]>([
    [
      "an unknown setting",
      asPolicy(ticketRule),
      { about: "all", patern: "^INC-" },
      "the policy ticket has no setting patern: it has about, pattern",
    ],
    [
      "a pattern that is none",
      asPolicy(ticketRule),
      { about: "all", pattern: "(" },
      "the setting pattern of the policy ticket is no regular",
    ],
    [
      "a time zone that nobody knows",
      asPolicy(freezeRule),
      { about: "all", timeZone: "Europe/Lodnon", windows: [{ from: "15:00", to: "16:00" }] },
      "Europe/Lodnon",
    ],
  ])("%s is an error, and not a rule that is passed by", async (_name, policy, settings, text) => {
    await expect(reports(policy, settings)).rejects.toThrow(text);
  });
});
