import type { RunFacts } from "./rule.ts";

/** Variables that CI sets for policies: names of its own accounts, separated by commas. */
const AUTHORS = "DEVICE_LIFECYCLE_AUTHORS";
const APPROVERS = "DEVICE_LIFECYCLE_APPROVERS";

/** The engine tells its policies by this variable whether it only previews. */
const DRY_RUN = "PULUMI_DRY_RUN";

/** What this process knows of the run. `now` in milliseconds since the epoch. */
export function runFacts(env: Readonly<Record<string, string | undefined>>, now: number, destroying: readonly string[]): RunFacts {
  return { now, isPreview: env[DRY_RUN] === "true", destroying, authors: names(env[AUTHORS]), approvers: names(env[APPROVERS]) };
}

/** Names of accounts differ in case nowhere. */
function names(list: string | undefined): readonly string[] {
  const found = (list ?? "").split(",").map((name) => name.trim().toLowerCase());
  return [...new Set(found.filter((name) => name !== ""))].sort();
}
