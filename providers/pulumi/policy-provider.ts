import path from "node:path";
import "./plain-stack-traces.ts";
import { ciFactsOf } from "./ci-facts.ts";
import { KeptSettings } from "./kept-settings.ts";
import { openPorts } from "./open-ports.ts";
import { type PolicyInputs, type PolicyOutputs, policyText } from "./policy-state.ts";
import { readGit } from "./provenance.ts";
import { watchEngine } from "./provider/engine-watch.ts";
import { withoutStack } from "./provider/failure.ts";
import { createGuard } from "./provider/guard.ts";
import { PolicySession } from "./provider/policy-session.ts";
import { processEnd } from "./provider/process-end.ts";
import type { ReadKey, Settings } from "./settings.ts";

/** The project's folder: what configuration names is relative to it. */
const ROOT = path.resolve(import.meta.dirname, "../..");

const SURROUNDINGS = { root: ROOT, env: process.env };

const settings = new KeptSettings();
let session: PolicySession | undefined;

type Stored = { readonly __provider: string };

/** Pulumi ends the process where this fails. */
export function configure(request: { readonly config: { readonly get: ReadKey } }): void {
  settings.keep(request);
}

/** Finds nothing: the program has checked the files before it registers a resource. */
export function check(_old: unknown, inputs: PolicyInputs): { inputs: PolicyInputs; failures: [] } {
  return { inputs, failures: [] };
}

/**
 * From state and inputs alone. A policy of another platform, or another adopted one, is another
 * policy.
 */
export function diff(_id: string, state: Partial<PolicyOutputs>, inputs: PolicyInputs): { changes: boolean; replaces: readonly string[] } {
  const { policy, outcome } = state;
  const { platform, adopt } = inputs;
  const isSame = policy !== undefined && policyText(policy) === policyText(inputs);
  const replaces = [
    ...(policy !== undefined && policy.platform !== platform ? ["platform"] : []),
    ...(policy !== undefined && policy.adopt !== adopt ? ["adopt"] : []),
  ];
  return { changes: !isSame || outcome !== "inPlace", replaces };
}

/** A policy that was made before and forgotten is found again by its mark. */
export async function create(inputs: PolicyInputs & Stored): Promise<{ id: string; outs: PolicyOutputs & Stored }> {
  return { id: inputs.name, outs: await ensure(inputs, null) };
}

/** The same as `create`, with the id that state knows. */
export async function update(_id: string, state: PolicyOutputs, inputs: PolicyInputs & Stored): Promise<{ outs: PolicyOutputs & Stored }> {
  return { outs: await ensure(inputs, state.id) };
}

/** `pulumi refresh`: looks again. */
export async function read(id: string, state: PolicyOutputs & Stored): Promise<{ id: string; props: PolicyOutputs & Stored }> {
  return { id, props: { ...(await orTell(() => open().refresh(state))), __provider: state.__provider } };
}

/** Deletes what nobody has and we made; everything else stays in Intune as it is. */
async function remove(_id: string, state: PolicyOutputs): Promise<void> {
  await orTell(() => open().forget(state));
}

export { remove as delete };

async function ensure(inputs: PolicyInputs & Stored, id: string | null): Promise<PolicyOutputs & Stored> {
  return { ...(await orTell(() => open().ensure(inputs, id))), __provider: inputs.__provider };
}

async function orTell<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await processEnd.after(work);
  } catch (error) {
    throw withoutStack(error, SURROUNDINGS);
  }
}

function open(): PolicySession {
  session ??= start(settings.get());
  return session;
}

function start(kept: Settings): PolicySession {
  const ports = openPorts(kept, ROOT, process.env);
  watchEngine(process.argv, () => processEnd.onceIdle());
  return new PolicySession(
    ports,
    kept,
    createGuard(ports, kept, () => ciFactsOf(process.env, () => readGit(ROOT))),
  );
}
