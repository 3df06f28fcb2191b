import { existsSync } from "node:fs";
import path from "node:path";
import { optionValues } from "./stack-named.ts";

/** The organisation's settings for the pack in policy/, beside package.json. */
const POLICY_SETTINGS = "policies.json";

/**
 * The arguments, with the policy pack of the project where the project has settings for it, so that
 * no workflow can leave it out. Whoever names a pack means that one.
 */
export function withOwnPolicies(args: readonly string[], root: string): readonly string[] {
  if (!existsSync(path.join(root, POLICY_SETTINGS)) || optionValues(args, "--policy-pack").length > 0) return args;
  return [...args, "--policy-pack", "policy", "--policy-pack-config", POLICY_SETTINGS];
}
