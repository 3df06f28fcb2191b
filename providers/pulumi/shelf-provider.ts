import path from "node:path";
import "./plain-stack-traces.ts";
import { withoutStack } from "./provider/failure.ts";
import { keepSettings, open } from "./provider/open-session.ts";
import { processEnd } from "./provider/process-end.ts";
import type { ReadKey } from "./settings.ts";
import type { ShelfInputs, ShelfOutputs } from "./shelf-state.ts";

/**
 * The dynamic provider of shelves, which hold requests that finished long ago. Nothing here sends
 * anything: a shelf is what the ledger has of its requests.
 */
const SURROUNDINGS = { root: path.resolve(import.meta.dirname, "../.."), env: process.env };

type Stored = { readonly __provider: string };

/** Pulumi ends the process where this fails. */
export function configure(request: { readonly config: { readonly get: ReadKey } }): void {
  keepSettings(request);
}

/** Finds nothing: the program has chosen what goes onto the shelf. */
export function check(_old: unknown, inputs: ShelfInputs): { inputs: ShelfInputs; failures: [] } {
  return { inputs, failures: [] };
}

/** From state and inputs alone: another request, or another edition of one. */
export function diff(_id: string, state: Partial<ShelfOutputs>, inputs: ShelfInputs): { changes: boolean } {
  return { changes: state.keys !== inputs.keys };
}

/** A new shelf. */
export async function create(inputs: ShelfInputs & Stored): Promise<{ id: string; outs: ShelfOutputs & Stored }> {
  return { id: "shelf", outs: { ...(await orTell(() => open().shelves.fill(inputs, null))), __provider: inputs.__provider } };
}

/** Requests came onto it, or left it. */
export async function update(_id: string, state: ShelfOutputs, inputs: ShelfInputs & Stored): Promise<{ outs: ShelfOutputs & Stored }> {
  return { outs: { ...(await orTell(() => open().shelves.fill(inputs, state))), __provider: inputs.__provider } };
}

/** `pulumi refresh`: looks at the devices again. */
export async function read(id: string, state: ShelfOutputs & Stored): Promise<{ id: string; props: ShelfOutputs & Stored }> {
  return { id, props: { ...(await orTell(() => open().shelves.look(state))), __provider: state.__provider } };
}

/** Forgetting a shelf does nothing to any device, and leaves ledger and escrow as they are. */
async function remove(): Promise<void> {}

export { remove as delete };

async function orTell<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await processEnd.after(work);
  } catch (error) {
    throw withoutStack(error, SURROUNDINGS);
  }
}
