import type { RunLimits } from "../rules/rule.ts";
import { parseGraphEndpoint } from "../support/cloud.ts";
import type { Settings } from "./settings.ts";

/**
 * What the configuration sets for every request of a run, in the program and in the provider alike.
 */
export function limitsOf(settings: Settings): Omit<RunLimits, "canResendSecrets"> {
  const { cloud, followOnly, maxDestructive, maxDisruptive, foreignLimit, countForeign, protected: names, stack } = settings;
  return { cloud, followOnly, maxDestructive, maxDisruptive, foreignLimit, countForeign, protected: names, stack };
}

/**
 * How long Graph must not know a device before it counts as gone, in milliseconds; a double on this
 * machine says at once what is so.
 */
export function goneAfterOf({ cloud, graphEndpoint, waitMs }: Pick<Settings, "cloud" | "graphEndpoint" | "waitMs">): number {
  return parseGraphEndpoint(cloud, graphEndpoint).isLoopback ? Math.min(1_000, waitMs / 2) : 30_000;
}

/**
 * How long an intent in doubt is watched for evidence before a person has to settle it, in
 * milliseconds.
 */
export function graceOf({ waitMs }: Pick<Settings, "waitMs">): number {
  return Math.min(30_000, waitMs / 2);
}
