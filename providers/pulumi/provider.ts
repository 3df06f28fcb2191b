import path from "node:path";
import "./plain-stack-traces.ts";
import { ConfigurationError } from "../domain/errors.ts";
import type { Provenance } from "../domain/ledger-record.ts";
import type { Ports } from "../domain/ports.ts";
import { createRunClock } from "../engine/run-clock.ts";
import { changeReference } from "./change-reference.ts";
import { ciRunOf } from "./ci-run.ts";
import { hasChanges } from "./diff.ts";
import { observeDrift } from "./drift.ts";
import { watchEngine } from "./engine-watch.ts";
import { failureOf, withoutStack } from "./failure.ts";
import { createGuard, NO_GUARD } from "./guard.ts";
import { haltWithEngine } from "./halt.ts";
import { openPorts } from "./open-ports.ts";
import { provenanceOf, readGit } from "./provenance.ts";
import { goneAfterOf, graceOf, limitsOf } from "./run-limits.ts";
import { Session } from "./session.ts";
import { parseSettings, type ReadKey, type Settings } from "./settings.ts";
import type { LifecycleInputs, LifecycleOutputs } from "./state.ts";

/**
 * The dynamic provider: its exports are called by Pulumi's provider process, one after another for `check` and `diff`, at once
 * for `create` and `update`. Everything is handed on; nothing is printed, for it would show under the stack.
 */
/** The project's folder: what configuration names is relative to it. */
const ROOT = path.resolve(import.meta.dirname, "../..");

let settings: Settings | ConfigurationError | undefined;
let opened: Opened | undefined;

interface Opened {
  readonly ports: Ports;
  readonly session: Session;
  readonly goneAfterMs: number;
}

interface Stored {
  readonly __provider: string;
}

/** Pulumi does not wait for this before it calls the others: it only keeps what it is given. */
export function configure(request: { readonly config: { readonly get: ReadKey } }): void {
  try {
    settings = parseSettings((key) => request.config.get(key));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    settings = error;
  }
}

export function check(_old: unknown, inputs: LifecycleInputs): { inputs: LifecycleInputs; failures: [] } {
  return { inputs, failures: [] };
}

export function diff(_id: string, state: Partial<LifecycleOutputs>, inputs: LifecycleInputs): { changes: boolean } {
  return { changes: hasChanges(state, inputs) };
}

export async function create(inputs: LifecycleInputs & Stored): Promise<{ id: string; outs: LifecycleOutputs }> {
  const id = inputs.request.name;
  try {
    return { id, outs: await open().session.perform(inputs) };
  } catch (error) {
    throw await failureOf(error, id, inputs, opened?.session);
  }
}

export async function update(id: string, state: LifecycleOutputs, inputs: LifecycleInputs & Stored): Promise<{ outs: LifecycleOutputs }> {
  try {
    return { outs: await open().session.repeat(inputs, state) };
  } catch (error) {
    throw await failureOf(error, id, inputs, opened?.session);
  }
}

/** `pulumi refresh`: looks at the device again. */
export async function read(id: string, state: LifecycleOutputs & Stored): Promise<{ id: string; props: LifecycleOutputs }> {
  try {
    const { ports, goneAfterMs } = open();
    return { id, props: await observeDrift(state, ports, goneAfterMs) };
  } catch (error) {
    throw withoutStack(error);
  }
}

/** Forgetting a request does nothing to its device, and leaves its ledger and escrow entries. */
async function remove(): Promise<void> {}

export { remove as delete };

/** Git is asked once, by the first request that is begun. */
let provenanceOfRun: Promise<Provenance> | undefined;

function provenance(): Promise<Provenance> {
  provenanceOfRun ??= readGit(ROOT).then((git) => provenanceOf(process.env, git));
  return provenanceOfRun;
}

function open(): Opened {
  opened ??= start();
  return opened;
}

function start(): Opened {
  if (settings instanceof ConfigurationError) throw settings;
  if (settings === undefined) throw new ConfigurationError("the provider was called before it was configured");
  const real = openPorts(settings, ROOT, process.env);
  const { ports, clock, engineIsGone } = haltWithEngine(real, createRunClock(real.clock, settings.waitMs));
  watchEngine(process.argv, engineIsGone);
  const guard = real.isLoopbackGraph ? NO_GUARD : createGuard(real, settings, ciRunOf(process.env));
  const goneAfterMs = goneAfterOf(settings);
  const times = { graceMs: graceOf(settings), goneAfterMs, clock };
  const run = { ...limitsOf(settings), ...times, change: changeReference(process.env), provenance };
  return { ports, session: new Session(ports, run, guard), goneAfterMs };
}
