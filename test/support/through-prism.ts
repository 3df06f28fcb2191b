import { afterAll, afterEach, beforeAll, expect } from "@jest/globals";
import type { Emulator } from "../../emulator/graph/start-emulator.ts";
import { readContractDocument } from "./contract-document.ts";
import { startValidatingProxy, type ValidatingProxy } from "./validating-proxy.ts";

/**
 * Lets a test file talk to its emulators through Prism, which holds every request and every answer
 * against Graph's own description; a test with a violation fails. Where the description is absent
 * the file runs without, and says so.
 */
export function throughPrism(): {
  readonly endpointOf: (emulator: Emulator) => string;
  /** Calls held against it so far; null without a description. */
  readonly validated: () => number | null;
} {
  let proxy: ValidatingProxy | null = null;

  beforeAll(async () => {
    const document = readContractDocument();
    if (document === null) console.info("No description of Graph beside the project's folder: these runs are not held against it.");
    else proxy = await startValidatingProxy(document);
  });

  afterEach(() => {
    expect(proxy?.takeViolations() ?? []).toEqual([]);
  });

  afterAll(async () => {
    await proxy?.close();
  });

  return {
    validated: () => proxy?.validated() ?? null,
    endpointOf(emulator) {
      proxy?.leadTo(emulator.url);
      return proxy?.url ?? emulator.url;
    },
  };
}
