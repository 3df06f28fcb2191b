import type { Output } from "@pulumi/pulumi";
import type { Identities } from "./identities.ts";
import type { Place } from "./place.ts";
import { BUILT_IN, createRole, type Grant, grant } from "./roles.ts";
import type { Storage } from "./storage.ts";

/**
 * Who may do what. `preview` has no right on the vault: state and ledger, which it reads, hold the
 * names of secrets, and whoever opens a pull request decides what runs as `preview`.
 */
export function grantAccess(place: Place, vaultId: Output<string>, storage: Storage, identities: Identities): void {
  const { readersGroupId, operatorsGroupId } = place.settings;
  const escrowWriter = createRole(place, "escrowWriter");
  const ledgerWriter = createRole(place, "ledgerWriter");
  const preview = { principalId: identities.preview.principalId, principalType: "ServicePrincipal" } as const;
  const up = { principalId: identities.up.principalId, principalType: "ServicePrincipal" } as const;
  const ledger = storage.ledger.id;
  const state = storage.state.id;
  const reader = BUILT_IN.storageBlobDataReader;
  const grants: readonly Grant[] = [
    { part: "up-escrow", role: escrowWriter, scope: vaultId, ...up, why: "up puts secrets into escrow and reads them back" },
    { part: "up-ledger", role: ledgerWriter, scope: ledger, ...up, why: "up records what it is about to do" },
    { part: "up-state", role: BUILT_IN.storageBlobDataContributor, scope: state, ...up, why: "up keeps the stacks' state" },
    { part: "preview-ledger", role: reader, scope: ledger, ...preview, why: "previews read what was done" },
    { part: "preview-state", role: reader, scope: state, ...preview, why: "previews read the stacks' state" },
    {
      part: "readers-escrow",
      role: BUILT_IN.keyVaultSecretsUser,
      scope: vaultId,
      principalId: readersGroupId,
      principalType: "Group",
      why: "people who may read escrowed secrets",
    },
    ...(operatorsGroupId === null
      ? []
      : [
          {
            part: "operators-ledger",
            role: ledgerWriter,
            scope: ledger,
            principalId: operatorsGroupId,
            principalType: "Group",
            why: "people who make the ledger, stop runs and settle what is in doubt",
          } as const,
        ]),
  ];
  for (const given of grants) grant(place, given);
}
