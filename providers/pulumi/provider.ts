import { flushCompileCache } from "node:module";
import path from "node:path";
import "./plain-stack-traces.ts";
import { hasChanges } from "./provider/diff.ts";
import { failureOf, withoutStack } from "./provider/failure.ts";
import { keepSettings, open, openedSession } from "./provider/open-session.ts";
import { watchWork } from "./provider/watch-work.ts";
import type { ReadKey } from "./settings.ts";
import {
  fromStored,
  inputsFromStored,
  type LifecycleInputs,
  type LifecycleOutputs,
  type StoredInputs,
  type StoredOutputs,
  toStored,
} from "./state.ts";

/**
 * The dynamic provider: its exports are called by Pulumi's provider process, one after another for
 * `check` and `diff`, at once for `create` and `update`. Everything is handed on; nothing is
 * printed, for it would show under the stack.
 */
/** The project's folder: what configuration names is relative to it. */
const ROOT = path.resolve(import.meta.dirname, "../..");

const SURROUNDINGS = { root: ROOT, env: process.env };

interface Stored {
  readonly __provider: string;
}

/**
 * Pulumi does not wait for this before it calls the others, and ends the process where it fails: it
 * only keeps what it is given, or why it cannot.
 */
export function configure(request: { readonly config: { readonly get: ReadKey } }): void {
  keepSettings(request);
  // Node keeps what it compiled when a process ends, and this one is killed.
  flushCompileCache();
}

/** Finds nothing: the program has checked the files before it registers a resource. */
export function check(_old: unknown, inputs: StoredInputs): { inputs: StoredInputs; failures: [] } {
  return { inputs, failures: [] };
}

/**
 * Pulumi calls it in previews too: it reads state and inputs alone, and reaches neither Graph nor
 * the ledger.
 */
export function diff(_id: string, state: Partial<LifecycleOutputs>, inputs: Pick<StoredInputs, "request">): { changes: boolean } {
  try {
    return { changes: hasChanges(state, inputs) };
  } catch (error) {
    throw withoutStack(error, SURROUNDINGS);
  }
}

/**
 * First run of a request. A failure that left something to keep is thrown with its outputs, so that
 * state holds them.
 */
export async function create(stored: StoredInputs & Stored): Promise<{ id: string; outs: StoredOutputs }> {
  const id = stored.request.name;
  try {
    const inputs = inputsFromStored(stored);
    return { id, outs: toStored(await watchWork(aboutWork(inputs), () => open().requests.perform(inputs), outcomeOf)) };
  } catch (error) {
    throw await failureOf(error, { id, inputs: stored, session: openedSession() }, SURROUNDINGS);
  } finally {
    keepWhatWorkLoaded();
  }
}

/**
 * Later runs, and new generations: goes on where the ledger says, and sends nothing that was sent.
 */
export async function update(id: string, state: StoredOutputs, stored: StoredInputs & Stored): Promise<{ outs: StoredOutputs }> {
  try {
    const inputs = inputsFromStored(stored);
    return { outs: toStored(await watchWork(aboutWork(inputs), () => open().requests.repeat(inputs, fromStored(state)), outcomeOf)) };
  } catch (error) {
    throw await failureOf(error, { id, inputs: stored, session: openedSession() }, SURROUNDINGS);
  } finally {
    keepWhatWorkLoaded();
  }
}

/** `pulumi refresh`: looks at the device again. */
export async function read(id: string, state: StoredOutputs & Stored): Promise<{ id: string; props: StoredOutputs }> {
  try {
    const { request, device } = state;
    const about = { name: "refresh", request: request.name, deviceId: device.id } as const;
    return { id, props: toStored(await watchWork(about, () => open().requests.refresh(fromStored(state)), outcomeOf)) };
  } catch (error) {
    throw withoutStack(error, SURROUNDINGS);
  }
}

/** Forgetting a request does nothing to its device, and leaves its ledger and escrow entries. */
async function remove(): Promise<void> {}

export { remove as delete };

function aboutWork({ request, plan }: LifecycleInputs) {
  return { name: "request", request: request.name, deviceId: plan.device.id } as const;
}

function outcomeOf({ outcome }: LifecycleOutputs): string {
  return outcome;
}

let isKept = false;

/** The clients of Graph and of the stores are loaded by the first request that needs them. */
function keepWhatWorkLoaded(): void {
  if (isKept) return;
  isKept = true;
  flushCompileCache();
}
