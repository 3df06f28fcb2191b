import { PolicyPack, type ResourceValidationPolicy } from "@pulumi/policy";
import { PROJECT } from "../providers/domain/project.ts";
import { RULES } from "./all-rules.ts";
import { requestInputs } from "./request-inputs.ts";
import type { RequestRule } from "./rule.ts";
import { openRunFacts } from "./run-facts.ts";

/** Serves the pack to the engine, which ends this process. */
export function startPack(): PolicyPack {
  return new PolicyPack(PROJECT, { enforcementLevel: "mandatory", policies: RULES.map((rule: RequestRule<never>) => asPolicy(rule)) });
}

const factsOf = openRunFacts(process.env);

/** Requests that destroy data, as this process was shown them: a set keeps their order. */
const destroying = new Set<string>();

/**
 * The engine holds settings against the rule's schema before it asks. Throws `RangeError` for a
 * setting that the rule does not have, and for what the rule cannot read.
 */
export function asPolicy<Settings extends object>({ name, description, settings, judge }: RequestRule<Settings>): ResourceValidationPolicy {
  return {
    name,
    description,
    configSchema: settings,
    validateResource: (shown, report) => {
      const request = requestInputs(shown);
      const given = shown.getConfig<Settings>();
      refuseUnknown(name, Object.keys(given), Object.keys(settings.properties));
      if (request === null) return;
      if (request.destructive) destroying.add(request.name);
      const run = factsOf(Date.now(), [...destroying]);
      for (const text of judge(request, given, run)) report(text);
    },
  };
}

/** The engine passes settings by that no schema has; a misspelt one would guard nothing. */
function refuseUnknown(name: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.filter((key) => key !== "enforcementLevel" && !known.includes(key));
  if (unknown.length > 0) throw new RangeError(`the policy ${name} has no setting ${unknown.join(", ")}: it has ${known.join(", ")}`);
}
