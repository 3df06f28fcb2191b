import { readContractDocument } from "./contract-document.ts";
import type { Prism } from "./prism.ts";
import { SHARED_PRISM, startRoutedPrism } from "./routed-prism.ts";

declare global {
  /** Between the two ends of a run of jest, which loads them apart. */
  var sharedPrism: Prism | undefined;
}

/** Jest's globalSetup of the end-to-end tests. */
export default async function startSharedPrism(): Promise<void> {
  const document = readContractDocument();
  if (document === null) return;
  globalThis.sharedPrism = await startRoutedPrism(document);
  process.env[SHARED_PRISM] = globalThis.sharedPrism.url;
}
