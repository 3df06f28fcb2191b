import type {} from "./start-shared-prism.ts";

/** Jest's globalTeardown of the end-to-end tests. */
export default async function stopSharedPrism(): Promise<void> {
  await globalThis.sharedPrism?.stop();
}
