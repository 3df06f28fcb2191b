import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { SAVE_REVIEW } from "../../providers/pulumi/program/review-draft.ts";
import { beginRunFile } from "../notify/save-run.ts";
import type { PulumiCommand } from "../pulumi/ask-pulumi.ts";
import type { Environment, SetUpOptions } from "../pulumi/options.ts";
import { ownExitCode } from "../pulumi/own-exit-code.ts";
import { startPulumi, withPulumi } from "../pulumi/run-pulumi.ts";
import { requireConsent } from "../support/require-consent.ts";
import type { StackSettings } from "../support/stack-settings.ts";
import { withPassphrase } from "./ask-passphrase.ts";
import { chooseDisplay } from "./choose-display.ts";
import { showPreview } from "./show-preview.ts";
import { showUp } from "./show-up.ts";
import { openStage } from "./stage.ts";

/** A run of Pulumi's `up` or `preview`, before it is known who shows it. */
export interface RunParts {
  readonly name: "up" | "preview";
  /** For Pulumi, with `--details`, which is ours. */
  readonly args: readonly string[];
  readonly env: Environment;
  /** File for what the run has to tell; null: nobody wants it. */
  readonly saveRun: string | null;
  /** Says where the run takes place, and gives the settings that it found there. */
  readonly before: (pulumi: PulumiCommand) => Promise<StackSettings>;
}

/** Runs it as the arguments want it shown, and gives the exit code. */
export async function displayRun({ name, args, env, saveRun, before }: RunParts, options: Omit<SetUpOptions, "signal">): Promise<number> {
  const display = chooseDisplay(args, env);
  if (saveRun !== null && display.kind === "pulumi")
    throw new ConfigurationError("--save-run goes with our own display: leave out --diff, --json and the like");
  if (saveRun !== null) await beginRunFile(saveRun);
  if (name === "up" && display.kind === "ours" && display.asks) requireConsent(false);
  return await withPulumi({ ...options, env }, async (found) => {
    if (display.kind === "pulumi") {
      await before(found);
      return await ownExitCode((told) => startPulumi(found, { args: [name, ...display.args], env: told, stdio: "inherit" }));
    }
    const pulumi = await withPassphrase(found, args);
    const settings = await before(pulumi);
    return await inOwnFolder(async (folder) => {
      const stage = openStage(settings, env, { pulumi, args: display.args, withDetails: display.withDetails, folder, saveRun });
      return name === "up" ? await showUp(stage, display) : (await showPreview(stage, false, env[SAVE_REVIEW])).code;
    });
  });
}

async function inOwnFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "device-lifecycle-run-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
