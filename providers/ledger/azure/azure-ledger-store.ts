import { ConfigurationError } from "../../domain/errors.ts";
import { shownAddress } from "../../support/shown-address.ts";
import type { LedgerPlace, LedgerStoreKind } from "../ledger-store.ts";
import { AzureLedger } from "./azure-ledger.ts";
import { type ContainerLocation, parseContainer } from "./container-location.ts";

/** Append blobs in a container of Azure Storage, which any number of runs share. */
export const azureLedgerStore: LedgerStoreKind = {
  form: "https://ACCOUNT.blob.core.windows.net/CONTAINER",
  claims: (text) => ["https:", "http:"].includes(URL.parse(text)?.protocol ?? ""),
  shown: shownAddress,
  at: (text, rules) => placeOf(parseContainer(text, rules)),
};

function placeOf(location: ContainerLocation): LedgerPlace {
  return {
    noun: "a container",
    isOfOneMachine: false,
    open: ({ azure, ...tools }) => {
      if (azure === undefined) throw new ConfigurationError(`the ledger ${location.url} cannot be opened here: only folders can`);
      return new AzureLedger({ ...tools, ...azure, location, every });
    },
    // Each send takes its device's lease first: no run has the whole ledger.
    awaitFree: async () => undefined,
  };
}

/** Not again while it is still at it. */
function every(milliseconds: number, work: () => Promise<void>): () => void {
  let isBusy = false;
  const timer = setInterval(async () => {
    if (isBusy) return;
    isBusy = true;
    await work().finally(() => {
      isBusy = false;
    });
  }, milliseconds);
  timer.unref();
  return () => clearInterval(timer);
}
