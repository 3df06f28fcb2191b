import type { RunLimits } from "../rules/rule.ts";
import type { Settings } from "./settings.ts";

/** What the configuration sets for every request of a run, in the program and in the provider alike. */
export function limitsOf({ cloud, followOnly, maxDestructive, protected: names }: Settings): Omit<RunLimits, "canResendSecrets"> {
  return { cloud, followOnly, maxDestructive, protected: names };
}

/** How long an intent in doubt is watched for evidence before a person has to settle it, in milliseconds. */
export function graceOf({ waitMs }: Pick<Settings, "waitMs">): number {
  return Math.min(30_000, waitMs / 2);
}
