import { type Policies, PolicyPack, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";
import { PROJECT } from "../providers/domain/project.ts";
import { deviceRule } from "./device-rule.ts";
import { expiryRule } from "./expiry-rule.ts";
import { freezeRule } from "./freeze-rule.ts";
import { authorRule, twoPersonRule } from "./people-rules.ts";
import { playbookRule } from "./playbook-rule.ts";
import { requestInputs } from "./request-inputs.ts";
import type { RequestRule, RunRule } from "./rule.ts";
import { runFacts } from "./run-facts.ts";
import { ticketRule } from "./ticket-rule.ts";

/** The policies, in the order in which docs/policies.md has them. */
export const POLICIES: Policies = [
  ofRequest(ticketRule),
  ofRequest(expiryRule),
  ofRequest(freezeRule),
  ofRequest(playbookRule),
  ofRequest(deviceRule),
  ofRun(authorRule),
  ofRequest(twoPersonRule),
];

/** Serves the pack to the engine, which ends this process. */
export function startPack(): PolicyPack {
  return new PolicyPack(PROJECT, { enforcementLevel: "mandatory", policies: POLICIES });
}

function ofRequest<Settings extends object>({ name, description, settings, judge }: RequestRule<Settings>): ResourceValidationPolicy {
  return {
    name,
    description,
    configSchema: settings,
    validateResource: (shown, report) => {
      const request = requestInputs(shown);
      if (request === null) return;
      for (const text of judge(request, shown.getConfig<Settings>(), facts())) report(text);
    },
  };
}

function ofRun<Settings extends object>({ name, description, settings, judgeAll }: RunRule<Settings>): StackValidationPolicy {
  return {
    name,
    description,
    configSchema: settings,
    validateStack: (shown, report) => {
      const requests = shown.resources.map(requestInputs).filter((request) => request !== null);
      for (const text of judgeAll(requests, shown.getConfig<Settings>(), facts())) report(text);
    },
  };
}

function facts() {
  return runFacts(process.env, Date.now());
}
