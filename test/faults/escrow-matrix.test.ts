import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type KeyVault, startKeyVault } from "../../emulator/key-vault/key-vault.ts";
import { REMOTE_ACTIONS } from "../../providers/domain/actions/action-table.ts";
import { action } from "../graph/graph-fixture.ts";
import { ANDROID, MAC } from "../support/fakes-devices.ts";
import { type BreakableEscrow, fileEscrow, vaultEscrow } from "./breakable-escrow.ts";
import { CODE_ESCROW_CASES, type EscrowCase, PIN_ESCROW_CASES, RESULT_ESCROW_CASES } from "./escrow-cases.ts";
import { playRow } from "./play-row.ts";
import { guardsCode, type Subject, subject } from "./subject.ts";

let vault: KeyVault;

beforeAll(async () => {
  vault = await startKeyVault();
});

afterAll(() => vault.close());

function escrowOf(store: "folder" | "vault", row: EscrowCase): Promise<BreakableEscrow> | BreakableEscrow {
  return store === "folder" ? fileEscrow(row.escrow) : vaultEscrow(vault, row.escrow);
}

const GUARDING = REMOTE_ACTIONS.filter(({ destroysData }) => destroysData)
  .map((one) => subject(one))
  .filter(guardsCode);

const TABLE: readonly (readonly [Subject, readonly EscrowCase[]])[] = [
  ...GUARDING.map((one) => [subject(one.action, one.device, ["bypassActivationLock"]), CODE_ESCROW_CASES] as const),
  [subject(action("wipe"), MAC), PIN_ESCROW_CASES],
  [subject(action("resetPasscode"), { ...ANDROID, isSupervised: false }), RESULT_ESCROW_CASES],
  [subject(action("remoteLock"), MAC), RESULT_ESCROW_CASES],
];

interface Drill {
  readonly who: Subject;
  readonly row: EscrowCase;
}

const ROWS = TABLE.flatMap(([who, cases]) =>
  cases.flatMap((row) => row.stores.map((store): [string, string, string, Drill] => [who.name, store, row.name, { who, row }])),
);

describe("an escrow that fails", () => {
  test.each(ROWS)("%s with a %s: %s", async (_subject, store, _name, { who, row }) => {
    const { seen, expected } = await playRow(who, row, await escrowOf(store === "folder" ? "folder" : "vault", row));

    expect(seen).toEqual(expected);
  });
});
