import { spawn } from "node:child_process";
import type { Environment } from "./options.ts";

/** A program without a terminal; `args` reach it as they are, through no shell. */
export interface ToolRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
  /** Milliseconds; the tool is killed after them. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/**
 * `killed` by its time limit or by somebody; `notStarted` has the system's code, such as `ENOENT`.
 */
export type ToolResult =
  | { readonly kind: "exited"; readonly code: number; readonly stdout: string; readonly output: string }
  | { readonly kind: "killed"; readonly signal: NodeJS.Signals; readonly output: string }
  | { readonly kind: "notStarted"; readonly code: string; readonly cause: unknown };

/** Only the end of what a tool prints is kept: a compiler may say megabytes. */
const KEPT_CHARACTERS = 64_000;
/** How long a tool that was asked to end may take before it is killed. */
const GRACE_MS = 3_000;
const PIPE_GRACE_MS = 1_000;

/**
 * Runs a helper program to its end, without a terminal. `output` is stdout and stderr as they came.
 * Failing is a value; only an aborted run throws, with the signal's reason, and only once the tool
 * has ended.
 */
export function runTool(run: ToolRun): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    run.signal?.throwIfAborted();
    const child = spawn(run.command, run.args, { cwd: run.cwd, env: run.env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout = (stdout + text).slice(-KEPT_CHARACTERS);
      output = (output + text).slice(-KEPT_CHARACTERS);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-KEPT_CHARACTERS);
    });

    let killer: NodeJS.Timeout | undefined;
    let closer: NodeJS.Timeout | undefined;
    const limit = run.limit === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), run.limit);
    const stop = () => {
      child.kill("SIGTERM");
      killer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    };
    run.signal?.addEventListener("abort", stop);
    const tidy = () => {
      clearTimeout(limit);
      clearTimeout(killer);
      clearTimeout(closer);
      run.signal?.removeEventListener("abort", stop);
    };

    child.once("error", (cause: NodeJS.ErrnoException) => {
      tidy();
      resolve({ kind: "notStarted", code: cause.code ?? "UNKNOWN", cause });
    });
    // A grandchild that outlives the tool may hold its pipes open: they are closed a second after
    // the tool's own end.
    child.once("exit", () => {
      closer = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, PIPE_GRACE_MS);
    });
    child.once("close", (code, signal) => {
      tidy();
      if (run.signal?.aborted) reject(run.signal.reason);
      else if (signal !== null) resolve({ kind: "killed", signal, output });
      else resolve({ kind: "exited", code: code ?? 0, stdout, output });
    });
  });
}

/** The last lines of what a tool said, indented, for an error. */
export function tailOf(output: string, lines = 12): string {
  const all = output.trimEnd().split("\n");
  return all
    .slice(-lines)
    .map((line) => `  | ${line}`)
    .join("\n");
}
