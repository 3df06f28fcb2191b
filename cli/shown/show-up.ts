import { ConfigurationError } from "../../providers/domain/errors.ts";
import { SHOWN, SHOWN_SHA256 } from "../../providers/pulumi/review-gate.ts";
import { sha256 } from "../../review/digest.ts";
import { writeRunFile } from "../notify/save-run.ts";
import { isConfirmed } from "../support/require-consent.ts";
import { performArgs } from "./choose-display.ts";
import { followRun, type RunEnd } from "./follow-run.ts";
import { renderSaid } from "./render-said.ts";
import { renderEnd } from "./run-end.ts";
import type { Said } from "./run-view.ts";
import { type ShownPreview, showPreview } from "./show-preview.ts";
import type { Stage } from "./stage.ts";

/** How `up` begins. */
export interface Beginning {
  readonly previews: boolean;
  readonly asks: boolean;
}

/**
 * `up`: the preview, the question, the run and its last block. What was shown is what runs: the
 * process that sends holds the run to it. Gives the exit code.
 */
export async function showUp(stage: Stage, { previews, asks }: Beginning): Promise<number> {
  if (!previews) return await perform(stage, {}, new Set());
  const preview = await untilSignalled(() => showPreview(stage, true, undefined));
  if (typeof preview === "number") return preview;
  if (preview.code !== 0) return await refused(stage, preview.code);
  const shown = shownBy(preview);
  if (asks && preview.hasChanges && !(await isConfirmed(`\nPerform this on ${stage.stack}?`, false)))
    throw new ConfigurationError("nothing was sent: it was not confirmed");
  return await perform(stage, shown, preview.told);
}

/** The run that would have followed has to tell that there was none. */
async function refused({ saveRun, stack }: Stage, code: number): Promise<number> {
  if (saveRun !== null) {
    const { collectRefusal } = await import("../notify/collect-run.ts");
    await writeRunFile(saveRun, collectRefusal(code, stack, Date.now()));
  }
  return code;
}

/** Names the very preview that was shown to the processes of the run. */
function shownBy({ review }: ShownPreview): Readonly<Record<string, string>> {
  if (review === null) throw new ConfigurationError("the preview did not say what would be done; nothing was sent");
  return { [SHOWN]: review.file, [SHOWN_SHA256]: sha256(review.text) };
}

/** A preview that somebody interrupted is none that `up` may follow, however it ended. */
async function untilSignalled(work: () => Promise<ShownPreview>): Promise<ShownPreview | number> {
  let isSignalled = false;
  const note = () => {
    isSignalled = true;
  };
  process.on("SIGINT", note).on("SIGTERM", note);
  try {
    const preview = await work();
    return isSignalled ? preview.code || INTERRUPTED : preview;
  } finally {
    process.off("SIGINT", note).off("SIGTERM", note);
  }
}

/** As a shell has it. */
const INTERRUPTED = 130;

async function perform(stage: Stage, env: Readonly<Record<string, string>>, told: ReadonlySet<string>): Promise<number> {
  const startedAt = Date.now();
  const end = await followRun({ ...stage, args: ["up", ...performArgs(stage.args)], env, isPreview: false });
  stage.print(renderSaid(end, told, isOfStanding(end), stage.look));
  if (end.view.open !== null) stage.print(renderEnd(end.view, stage, stage.look));
  if (stage.saveRun !== null) {
    const { collectRun } = await import("../notify/collect-run.ts");
    const { auditEvents, readAuditNews } = await import("../notify/audit-events.ts");
    const times = { stack: stage.stack, startedAt, endedAt: Date.now() };
    const run = collectRun(end, times);
    const { root, env: own } = stage.pulumi;
    const news = auditEvents(await readAuditNews(stage.settings, root, { ...own }), times);
    await writeRunFile(stage.saveRun, { ...run, events: [...run.events, ...news] });
  }
  return end.code;
}

/** What is said of single requests stands in the last block. */
function isOfStanding({ view }: RunEnd): (said: Said) => boolean {
  const own = new Set(view.standings.map(({ name }) => name));
  return ({ names }) => names.length > 0 && names.every((name) => own.has(name));
}
