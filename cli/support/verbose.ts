import { closeSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { LOG } from "../../providers/domain/run-variables.ts";
import { systemCode } from "../../providers/support/system-code.ts";
import { FollowedFile } from "../shown/follow-file.ts";

const VERBOSE = "--verbose";

/** How late a line may be shown; milliseconds. */
const SHOWN_EVERY_MS = 200;

/** Where the lines of a log go. */
export interface LogOutput {
  /** Somebody reads along, whose screen shows progress. */
  readonly isTerminal: boolean;
  readonly write: (line: string) => void;
}

/** A command with `--verbose`, or without. */
export interface Verbose {
  /** Without the option. */
  readonly args: readonly string[];
  /** Shows what is left, and says where the log is. */
  readonly end: () => void;
}

/**
 * Takes `--verbose` out of the arguments, and has every process of the command write a log. Where
 * no terminal is, its lines are written as they come; a terminal shows progress, and is told where
 * the log is. `--verbose` with a number is Pulumi's own, and stays. Where no file can be made, it
 * says so, and there is no log.
 */
export function takeVerbose(args: readonly string[], env: NodeJS.ProcessEnv, { isTerminal, write }: LogOutput): Verbose {
  const place = args.findIndex((arg, index) => arg === VERBOSE && !/^\d+$/.test(args[index + 1] ?? ""));
  const end = args.indexOf("--");
  if (place === -1 || (end !== -1 && place > end)) return { args, end: () => undefined };
  const rest = args.filter((_, index) => index !== place);
  const chosen = env[LOG] ?? "";
  if (chosen !== "") return { args: rest, end: () => write(`log: ${chosen}`) };
  const file = path.join(tmpdir(), `dlr-${new Date().toISOString().replaceAll(/[:.]/g, "-")}-${process.pid}.jsonl`);
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    write(`no log can be made in ${tmpdir()} (${systemCode(error) ?? "unknown"}); the command goes on without it`);
    return { args: rest, end: () => undefined };
  }
  env[LOG] = file;
  if (isTerminal) return { args: rest, end: () => write(`log: ${file}`) };
  const followed = new FollowedFile(file);
  const show = () => {
    for (const line of followed.read()) write(line);
  };
  const timer = setInterval(show, SHOWN_EVERY_MS);
  timer.unref();
  return {
    args: rest,
    end: () => {
      clearInterval(timer);
      show();
      rmSync(file, { force: true });
    },
  };
}
