import { readFile } from "node:fs/promises";
import { eventOf } from "../../notify/event-id.ts";
import { parseRunFile, type RunFile } from "../../notify/run-file.ts";
import { TARGET_VARIABLES, targetsIn } from "../../notify/send/target.ts";
import { tellAll } from "../../notify/send/tell-all.ts";
import { isWanted, wantedIn } from "../../notify/wanted.ts";
import { printable } from "../../providers/domain/diagnostic.ts";
import { ConfigurationError, EXIT_CODES, ProductError } from "../../providers/domain/errors.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import { systemCode } from "../../providers/support/system-code.ts";
import { count } from "../../providers/support/words.ts";
import { fromCaller } from "../support/from-caller.ts";
import { postStatus, statusOf } from "./commit-status.ts";
import { runUrlOf } from "./run-url.ts";

interface Flags {
  readonly run?: readonly string[];
  readonly test?: true;
  readonly commitStatus?: true;
}

/** `dlr notify`: tells who is named by the environment. Gives the exit code. */
export async function notify({ run: files = [], test, commitStatus }: Flags, env: NodeJS.ProcessEnv): Promise<number> {
  if ((test === true) === files.length > 0) throw new ConfigurationError("tell what: --run FILE, or --test", { hint: "dlr notify --help" });
  const runs = test ? [testRun()] : await Promise.all(files.map((file) => readRun(fromCaller("notify", file))));
  const told = await Promise.all(runs.map((run) => tellRun(run, env)));
  const statuses = commitStatus && !test ? await Promise.all(runs.map((run) => tellStatus(run, env))) : [];
  return [...told, ...statuses].every((isFine) => isFine) ? 0 : EXIT_CODES.service;
}

async function tellRun(run: RunFile, env: NodeJS.ProcessEnv): Promise<boolean> {
  const [targets, wanted] = [targetsIn(env), wantedIn(env.DLR_NOTIFY_ON)];
  const events = run.events.filter((event) => isWanted(event, wanted));
  console.error(printable(`stack ${run.stack} · run of ${run.at} · ${count(run.events.length, "event")}, ${events.length} to be told`));
  if (targets.length === 0) {
    console.error(`nobody is told: set ${Object.values(TARGET_VARIABLES).join(", ")} in the environment (docs/notifications.md)`);
    return true;
  }
  if (events.length === 0) return true;
  const told = await tellAll(targets, events, { stack: run.stack, runUrl: runUrlOf(env) }, { clock: systemClock });
  for (const { isDelivered, text } of told) console.error(printable(isDelivered ? text : `NOT TOLD: ${text}`));
  return told.every(({ isDelivered }) => isDelivered);
}

/** What GitHub refuses is told, and is no reason to tell nobody else. */
async function tellStatus(run: RunFile, env: NodeJS.ProcessEnv): Promise<boolean> {
  const status = statusOf(run);
  try {
    await postStatus(status, runUrlOf(env), env);
    console.error(printable(`commit status ${status.context}: ${status.state}`));
    return true;
  } catch (error) {
    if (!(error instanceof ProductError) || error.disposition === "wrongUse") throw error;
    console.error(printable(`NOT TOLD: commit status ${status.context}: ${error.message}`));
    return false;
  }
}

function testRun(): RunFile {
  const at = new Date(systemClock.now()).toISOString();
  return { format: 1, stack: "test", at, exitCode: 0, totals: {}, events: [eventOf({ kind: "test" }, "test", at)] };
}

async function readRun(file: string): Promise<RunFile> {
  try {
    return parseRunFile(await readFile(file, "utf8"), file);
  } catch (error) {
    if (systemCode(error) === null) throw error;
    throw new ConfigurationError(printable(`${file} cannot be read (${systemCode(error)})`), {
      hint: "dlr up STACK --save-run FILE writes one",
    });
  }
}
