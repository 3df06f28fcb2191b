import { findRemoteAction } from "../../domain/actions/action-table.ts";
import type { PlanStep } from "../../domain/plan.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import type { Settings } from "../settings.ts";
import type { ResolvedRequest } from "./resolved-request.ts";
import type { RunHost } from "./run-host.ts";

/** Set by Pulumi's Node host from the engine's own setting, whatever that came from. */
const PARALLEL = "PULUMI_NODEJS_PARALLEL";

/**
 * Says so where more requests may wait for their devices than the engine works on at once: the
 * others are not sent before some have ended. The commands of ours set no limit; plain `pulumi`
 * goes by the number of processors.
 */
export async function tellSlots(
  entries: readonly ResolvedRequest[],
  { waitMs, stack }: Pick<Settings, "waitMs" | "stack">,
  environment: NodeJS.ProcessEnv,
  host: Pick<RunHost, "warn" | "isPreview">,
): Promise<void> {
  const slots = Number(environment[PARALLEL]);
  if (!(slots > 0) || waitMs === 0) return;
  const waiting = entries.filter((entry) => !entry.isEnded && entry.plan.steps.some(isReported)).length;
  if (waiting <= slots) return;
  const command = dlrCommand(host.isPreview ? "preview" : "up", stack);
  await host.warn(
    `Pulumi works on ${slots} resources at once, and ${waiting} requests may wait for their devices: those that come later are not sent before others have ended. ${command} sets no limit; else PULUMI_PARALLEL=${waiting} does`,
  );
}

function isReported({ action }: PlanStep): boolean {
  return findRemoteAction(action)?.result.kind === "reported";
}
