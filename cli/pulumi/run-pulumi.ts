import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { constants } from "node:os";
import type { PulumiCommand } from "./ask-pulumi.ts";
import { ensurePulumi, type PulumiInstallation } from "./ensure-pulumi.ts";
import { loginEnvironment, pulumiEnvironment } from "./environment.ts";
import { hasNodeOptionsOfNpm } from "./npm-settings.ts";
import type { SetUpOptions } from "./options.ts";
import { tellTorn } from "./recovery/tell-torn.ts";
import { relaySignals } from "./relay-signals.ts";
import { SetUpError } from "./set-up-error.ts";

const NODE_OPTIONS_LEFT_OUT =
  "node-options of an .npmrc are not handed on to Pulumi and its programs; what they need stands in NODE_OPTIONS, without node-options in an .npmrc";

/**
 * Finds or installs the Pulumi CLI, and hands it the arguments unchanged, in the project's folder,
 * with our standard streams. Gives its exit code: 128 + n when signal n ended it, or ended the
 * installation before it. Says of a torn state what Pulumi does not: what mends it.
 */
export async function runPulumi(args: readonly string[], options: Omit<SetUpOptions, "signal">): Promise<number> {
  const environment = args[0] === "login" || args[0] === "logout" ? loginEnvironment : pulumiEnvironment;
  const run = async (pulumi: PulumiCommand) => {
    const code = await startPulumi(pulumi, { args, env: {}, stdio: "inherit" });
    if (code !== 0) await tellTorn(args, pulumi);
    return code;
  };
  return await withPulumi(options, run, environment);
}

/**
 * Finds or installs the Pulumi CLI for work that gives an exit code; 128 + n where signal n ended
 * the installation.
 */
export async function withPulumi(
  options: Omit<SetUpOptions, "signal">,
  work: (pulumi: PulumiCommand) => Promise<number>,
  environment: typeof pulumiEnvironment = pulumiEnvironment,
): Promise<number> {
  const installation = await installUntilSignalled(options);
  if (typeof installation === "number") return installation;
  const { root, say } = options;
  if (hasNodeOptionsOfNpm(options.env)) say(`pulumi: ${NODE_OPTIONS_LEFT_OUT}`);
  return await work({ command: installation.command, env: environment(options.env, installation.pathPrefix, root), root, say });
}

/** One run of Pulumi. */
export interface PulumiRun {
  readonly args: readonly string[];
  /** Besides what it has of the command. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdio: StdioOptions;
}

/**
 * Gives Pulumi's exit code, or 128 + n when signal n ended it; signals to us are handed on to it.
 */
export async function startPulumi(pulumi: PulumiCommand, { args, env, stdio }: PulumiRun): Promise<number> {
  const target = new LateTarget();
  // Before there is a child: a signal that came in between would end us and leave Pulumi behind.
  const stopRelaying = relaySignals(target, pulumi.env.npm_lifecycle_event !== undefined);
  try {
    const child = spawn(pulumi.command, args, { cwd: pulumi.root, env: { ...pulumi.env, ...env }, stdio });
    target.set(child);
    return await exitCodeOf(child);
  } catch (error) {
    throw new SetUpError("machine", `${pulumi.command} cannot be started`, { cause: error });
  } finally {
    stopRelaying();
  }
}

/** Takes signals for a child that is not there yet, and hands them on once it is. */
class LateTarget {
  readonly #early: (NodeJS.Signals | number | undefined)[] = [];
  #child: ChildProcess | null = null;

  kill(signal?: NodeJS.Signals | number): boolean {
    if (this.#child !== null) return this.#child.kill(signal);
    this.#early.push(signal);
    return true;
  }

  set(child: ChildProcess): void {
    this.#child = child;
    for (const signal of this.#early) child.kill(signal);
  }
}

async function installUntilSignalled(options: Omit<SetUpOptions, "signal">): Promise<PulumiInstallation | number> {
  const abort = new AbortController();
  let signalled: NodeJS.Signals | null = null;
  const stop = (signal: NodeJS.Signals) => {
    signalled ??= signal;
    abort.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    const installation = await ensurePulumi({ ...options, signal: abort.signal });
    abort.signal.throwIfAborted();
    return installation;
  } catch (error) {
    if (signalled === null || error !== abort.signal.reason) throw error;
    options.say("pulumi: the installation was stopped; nothing half-made is kept");
    return exitCodeOfSignal(signalled);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(signal === null ? (code ?? 0) : exitCodeOfSignal(signal)));
  });
}

function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
