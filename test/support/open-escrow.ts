import type { LocationRules } from "../../providers/escrow/escrow-store.ts";
import { escrowPlaceAt } from "../../providers/escrow/escrow-stores.ts";
import type { EscrowTools, OpenedEscrow } from "../../providers/escrow/open-escrow.ts";

/** Any store, by its place and all at once. */
export function openEscrow(options: { readonly location: string } & LocationRules & EscrowTools): OpenedEscrow {
  return escrowPlaceAt(options.location, options).open(options);
}
