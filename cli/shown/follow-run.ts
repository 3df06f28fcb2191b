import { closeSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { PROGRESS_FILE, parseProgress } from "../../providers/pulumi/tell-progress.ts";
import type { PulumiCommand } from "../pulumi/ask-pulumi.ts";
import { ownExitCode } from "../pulumi/own-exit-code.ts";
import { startPulumi } from "../pulumi/run-pulumi.ts";
import { parseEvent } from "./engine-events.ts";
import { FollowedFile } from "./follow-file.ts";
import type { LiveLine } from "./live-line.ts";
import { renderProgress } from "./progress-line.ts";
import { RunView } from "./run-view.ts";

/** A run of Pulumi that is shown by us. */
export interface FollowedRun {
  readonly pulumi: PulumiCommand;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly isPreview: boolean;
  /** Pulumi's own display goes to our standard streams, and no line of ours between it. */
  readonly withDetails: boolean;
  /** For what the run writes; nobody else may read in it. */
  readonly folder: string;
  readonly live: LiveLine;
}

/** What came of it. */
export interface RunEnd {
  /** Pulumi's, or the one that our own processes asked for. */
  readonly code: number;
  readonly view: RunView;
  /** Pulumi's own display, as far as nobody has seen it. */
  readonly display: string;
}

const EVERY_MS = 250;

/**
 * Runs Pulumi and follows what the engine and our processes tell, to its end. Pulumi writes into
 * files rather than to us: it goes on where we are killed.
 */
export async function followRun(run: FollowedRun): Promise<RunEnd> {
  const at = (name: string) => path.join(run.folder, `${run.isPreview ? "preview" : "up"}-${name}`);
  const [events, notes] = [new FollowedFile(at("events")), new FollowedFile(at("notes"))];
  const view = new RunView();
  const startedAt = Date.now();
  const take = () => takeNews(view, notes.read(), events.read(), run.isPreview);
  const tick = () => {
    take();
    const now = Date.now();
    if (!run.withDetails) run.live.show(renderProgress(view, run.isPreview, startedAt, now), now);
  };
  const display = openSync(at("display"), "a", 0o600);
  const timer = setInterval(tick, EVERY_MS);
  try {
    // Where the engine writes its events is a secret switch of Pulumi's, which its Automation API
    // uses too.
    const env = { ...run.env, PULUMI_DEBUG_COMMANDS: "true", [PROGRESS_FILE]: at("notes") };
    const args = [...run.args.slice(0, 1), "--event-log", at("events"), ...run.args.slice(1)];
    const code = await ownExitCode((told) =>
      startPulumi(run.pulumi, { args, env: { ...env, ...told }, stdio: run.withDetails ? "inherit" : ["inherit", display, display] }),
    );
    take();
    return { code, view, display: readFileSync(at("display"), "utf8") };
  } finally {
    clearInterval(timer);
    closeSync(display);
    run.live.clear();
  }
}

function takeNews(view: RunView, notes: readonly string[], events: readonly string[], isPreview: boolean): void {
  for (const line of notes) {
    const note = parseProgress(line);
    if (note !== null) view.hear(note);
  }
  for (const line of events) {
    const event = parseEvent(line);
    if (event !== null) view.see(event, isPreview);
  }
}
