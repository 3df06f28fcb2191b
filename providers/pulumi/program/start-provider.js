import { invoke } from "@pulumi/pulumi/runtime/invoke.js";

/**
 * Lets the engine start the provider while the program loads and looks at files, ledger and
 * devices: it would do so for the first resource only. Nothing is asked of the provider, and nobody
 * waits for the answer.
 */
export function startProvider() {
  invoke("pulumi-nodejs:dynamic:start", {}).catch(() => undefined);
}
