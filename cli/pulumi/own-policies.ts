import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { isObject, parseJson } from "../../providers/domain/json.ts";
import { optionValues } from "./stack-named.ts";

/** The organisation's settings for the pack in policy/, beside package.json. */
const POLICY_SETTINGS = "policies.json";

/**
 * The arguments, with the policy pack of the project where the project has settings for it, so that
 * no workflow can leave it out. Whoever names a pack means that one. Throws `ConfigurationError`
 * for settings that are no JSON object: Pulumi would not say which file it means.
 */
export function withOwnPolicies(args: readonly string[], root: string): readonly string[] {
  const file = path.join(root, POLICY_SETTINGS);
  if (!existsSync(file) || optionValues(args, "--policy-pack").length > 0) return args;
  if (!isObject(parseJson(readFileSync(file, "utf8"))))
    throw new ConfigurationError(`${POLICY_SETTINGS} is no JSON object; nothing was sent`, {
      hint: 'write settings by the names of policies, such as { "ticket": { "pattern": "^INC-" } }: docs/policies.md',
    });
  return [...args, "--policy-pack", "policy", "--policy-pack-config", POLICY_SETTINGS];
}
