import type { RunFile } from "../../notify/run-file.ts";
import { printable, printableJson } from "../../providers/domain/diagnostic.ts";
import { EXIT_CODES, GraphReadError } from "../../providers/domain/errors.ts";
import type { JsonObject } from "../../providers/domain/json.ts";
import { requestName, requestsOfState } from "../../providers/pulumi/shelf-state.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { count } from "../../providers/support/words.ts";
import { driftEvents } from "../notify/drift-events.ts";
import { outcomeEvent } from "../notify/outcome-event.ts";
import { beginRunFile, writeRunFile } from "../notify/save-run.ts";
import { findPulumi, type PulumiCommand } from "../pulumi/ask-pulumi.ts";
import type { SetUpOptions } from "../pulumi/options.ts";
import { withProgress } from "../pulumi/progress.ts";
import { refuseTorn } from "../pulumi/recovery/refuse-torn.ts";
import { runTool, tailOf } from "../pulumi/run-tool.ts";
import { standingOf } from "../shown/run-view.ts";
import { driftRows } from "../support/drift-rows.ts";
import { exportedOutputs } from "../support/exported-state.ts";
import { fromCaller } from "../support/from-caller.ts";
import { checkedSettings, readStackSettings } from "../support/stack-settings.ts";
import { renderWhere } from "../support/where.ts";
import { requireNamed } from "../support/words-of.ts";
import { type Findings, findingsIn } from "./findings.ts";

interface Flags {
  readonly json?: true;
  /** File for what there is to tell. */
  readonly saveRun?: string;
}

/**
 * `dlr drift`: looks again at the devices of finished requests, and tells what became of them.
 * Sends nothing; what was seen is kept in state, where previews tell it. Gives the exit code.
 * Throws `GraphReadError` where the refresh failed.
 */
export async function drift(named: string | undefined, { json, saveRun }: Flags, options: Omit<SetUpOptions, "signal">): Promise<number> {
  requireNamed(named === undefined ? {} : { stack: named }, "dlr drift STACK");
  const pulumi = await findPulumi(options);
  const settings = await readStackSettings(pulumi, named);
  pulumi.say(renderWhere({ settings, ledger: checkedSettings(settings).ledger }));
  const file = saveRun === undefined ? null : fromCaller("drift", saveRun);
  if (file !== null) await beginRunFile(file);
  await refuseTorn(settings.stack, pulumi);
  const before = await exportedOutputs(pulumi, settings.stack);
  await refresh(pulumi, settings.stack);
  const outputs = await exportedOutputs(pulumi, settings.stack);
  if (outputs === null) throw new GraphReadError(`the state of the stack ${settings.stack} cannot be read`);
  const findings = findingsIn(outputs, before);
  if (file !== null) await writeRunFile(file, toTell(findings, outputs, settings.stack));
  if (json) console.log(printableJson(findings));
  else for (const line of renderFindings(findings)) console.log(line);
  return exitCodeOf(findings);
}

function toTell(findings: Findings, outputs: readonly JsonObject[], stack: string): RunFile {
  const at = new Date(systemClock.now()).toISOString();
  const ended = requestsOfState(outputs).flatMap((one) => {
    const { outcome } = one;
    const name = requestName(one);
    return outcome === "succeeded" && name !== undefined && findings.ended.includes(name)
      ? [outcomeEvent(standingOf(name, outcome, one), stack, at)]
      : [];
  });
  return {
    format: 1,
    stack,
    at,
    exitCode: exitCodeOf(findings),
    totals: {},
    events: [...ended, ...driftEvents(findings.found, stack, at)],
  };
}

async function refresh(pulumi: PulumiCommand, stack: string): Promise<void> {
  const args = ["refresh", "--yes", "--skip-preview", "--non-interactive", "--color", "never", "--stack", stack];
  const { command, root: cwd, env, say } = pulumi;
  const result = await withProgress(
    say,
    { what: "looking at the devices again", expected: "some seconds, and more for many devices" },
    () => runTool({ command, args, cwd, env }),
  );
  if (result.kind === "exited" && result.code === 0) return;
  const said = result.kind === "notStarted" ? result.code : `\n${tailOf(result.output)}`;
  throw new GraphReadError(`the devices could not be looked at: ${said}`, { hint: "nothing was sent; run the command again" });
}

/** What was found, in people's words. */
export function renderFindings({ looked, unfinished, ended, found }: Findings): readonly string[] {
  const open = found.filter(({ state }) => state !== "resolved");
  const counts = (["drifted", "unknown", "notice"] as const).map((kind) => open.filter((one) => one.kind === kind).length);
  const [drifted = 0, unknown = 0, notices = 0] = counts;
  const others = unfinished === 0 ? "" : `; ${count(unfinished, "request")} not finished, which up looks at`;
  const noted = notices === 0 ? "" : `, ${count(notices, "notice")}`;
  return [
    ...driftRows(found),
    ...(ended.length === 0 ? [] : [printable(`ended since the last run: ${ended.join(", ")}`)]),
    `${count(looked, "finished request")} looked at: ${drifted} drifted, ${unknown} cannot be told${noted}${others}`,
  ];
}

/** 4 where something has drifted, 3 where that cannot be told, else 0. */
export function exitCodeOf({ found }: Findings): number {
  const open = found.filter(({ state }) => state !== "resolved");
  if (open.some(({ kind }) => kind === "drifted")) return EXIT_CODES.outcome;
  return open.some(({ kind }) => kind === "unknown") ? EXIT_CODES.service : 0;
}
