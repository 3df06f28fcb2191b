import { escrowPlaceAt } from "../escrow/escrow-stores.ts";
import { ledgerPlaceAt } from "../ledger/ledger-stores.ts";
import type { RunStores } from "../rules/store-rules.ts";
import { CLOUDS, parseGraphEndpoint } from "../support/cloud.ts";
import type { Settings } from "./settings.ts";

/** What the rules ask about the stores of a run, as the kind of each store answers it. */
export function runStores({ cloud, graphEndpoint, escrow, ledger, shard, stack }: Settings): RunStores {
  const { blobSuffix, vaultSuffix } = CLOUDS[cloud];
  // The folder that relative places start in changes none of the answers.
  const rules = { root: "/", isLoopbackGraph: parseGraphEndpoint(cloud, graphEndpoint).isLoopback };
  const { isOfOneMachine } = escrowPlaceAt(escrow, { ...rules, vaultSuffixes: [vaultSuffix] });
  const place = ledgerPlaceAt(ledger, { ...rules, blobSuffixes: [blobSuffix] });
  return {
    escrow: { text: escrow, isOfOneMachine },
    ledger: { text: ledger, noun: place.noun, isOfOneMachine: place.isOfOneMachine },
    shard,
    stack,
  };
}
