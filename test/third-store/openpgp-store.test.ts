import { randomUUID } from "node:crypto";
import { readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { generateKey } from "openpgp";
import { ConfigurationError, EscrowError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { escrowedAt, escrowPlaceAt } from "../../providers/escrow/escrow-stores.ts";
import { noCredential, SUFFIXES } from "../escrow/escrow-folder-fixture.ts";
import { ENTRY, SECRET } from "../support/escrow-sample.ts";
import { CODE, World } from "../support/fakes.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { testClock } from "../support/test-clock.ts";
import { openPgpFolder, THREE_STORES } from "./openpgp-fixture.ts";

const WIPE = jobOf(lifecycleRequest(UNLOCK_AND_WIPE));

function placeAt(text: string, root: string) {
  return escrowPlaceAt(text, { root, vaultSuffixes: SUFFIXES, isLoopbackGraph: false }, THREE_STORES);
}

function worldWith(root: string): World {
  const world = new World();
  const tools = { clock: testClock(), uuid: randomUUID, credential: noCredential, environment: {} };
  world.ports = { ...world.ports, escrow: placeAt("openpgp:escrow", root).open(tools) };
  return world;
}

const callsOf = ({ journal }: World) => journal.flatMap((entry) => (entry.kind === "POST" ? [entry.action] : []));

describe("a request of the engine, with a third store", () => {
  test("is done, and the code is where its reference says, for the reader alone", async () => {
    const place = await openPgpFolder();
    const world = worldWith(place.root);

    const report = await world.run(WIPE);

    expect(report.outcome).toBe("succeeded");
    expect(callsOf(world)).toEqual(["bypassActivationLock", "wipe"]);
    expect(report.bypassCode?.reference).toMatch(/^openpgp:escrow\/[0-9a-f]{32}\.asc$/);
    const { secret, entry } = await place.reader.reveal(String(report.bypassCode?.reference));
    expect([secret.reveal(), entry.kind, entry.requestKey]).toEqual([CODE, "activationLockBypassCode", WIPE.plan.key]);
    expect(JSON.stringify([report, await world.ledger.recordsOf(WIPE.plan.key)])).not.toContain(CODE);
  });

  test("sends nothing while nobody could read the code", async () => {
    const place = await openPgpFolder();
    await rm(join(place.folder, "readers", "anna.asc"));
    const world = worldWith(place.root);

    const report = await world.run(WIPE).catch((error: unknown) => error);

    expect(callsOf(world)).toEqual([]);
    expect(JSON.stringify(report) + String(report)).not.toContain(CODE);
    expect((await readdir(place.folder)).filter((name) => name.endsWith(".asc"))).toEqual([]);
  });
});

describe("a place of a third store", () => {
  test("answers every question that runs and commands ask of a place", async () => {
    const { root, folder } = await openPgpFolder();
    const place = placeAt("openpgp:escrow", root);

    expect(place.isOfOneMachine).toBe(true);
    expect(await place.check()).toEqual([]);
    expect(await place.describeReaders()).toMatch(/^1 OpenPGP keys, SHA-256 [0-9a-f]{32}$/);
    expect(() => place.recipientsFolder()).toThrow(ConfigurationError);
    const reference = "openpgp:escrow/0123456789abcdef0123456789abcdef.asc";
    expect(escrowedAt(reference, root, THREE_STORES).auditFolder).toBe(folder);
    expect(() => escrowedAt("openpgp:escrow/readers/anna.asc", root, THREE_STORES)).toThrow(ConfigurationError);
  });

  test("tells other readers from those of before, and an escrow of nobody", async () => {
    const { root, folder } = await openPgpFolder();
    const before = await placeAt("openpgp:escrow", root).describeReaders();
    const { publicKey } = await generateKey({ userIDs: [{ name: "Ben" }] });
    await writeFile(join(folder, "readers", "ben.asc"), publicKey);
    const with2 = await placeAt("openpgp:escrow", root).describeReaders();
    await rm(join(folder, "readers"), { recursive: true });

    expect(with2).toMatch(/^2 OpenPGP keys/);
    expect(with2).not.toBe(before);
    expect(await placeAt("openpgp:escrow", root).describeReaders()).toBe("nobody");
    await expect(placeAt("openpgp:escrow", root).check()).rejects.toThrow(EscrowError);
  });

  test("is named beside the others where a place is of no kind", () => {
    expect(() => placeAt("keepass:codes.kdbx", "/")).toThrow(
      expect.objectContaining({
        hint: "write `file:FOLDER` or `https://NAME.vault.azure.net` or `openpgp:FOLDER`, for example `pulumi config set escrow file:escrow`",
      }),
    );
  });

  test.each(["file:escrow", "https://v.vault.azure.net", "openpgp:escrow"])("%s is of one kind alone", (text) => {
    expect(THREE_STORES.filter((store) => store.claims(text))).toHaveLength(1);
  });

  test("takes nothing for a secret key among its readers", async () => {
    const place = await openPgpFolder();
    await writeFile(join(place.folder, "readers", "anna.asc"), place.privateKey);

    await expect(place.open().put(ENTRY, new Redacted(SECRET))).rejects.toThrow(/is a secret key, and lies beside what it opens/);
  });

  test("opens no entry for another key than those of its readers", async () => {
    const place = await openPgpFolder();
    const other = await openPgpFolder();
    const { reference } = await other.open().put(ENTRY, new Redacted(SECRET));
    const name = reference.slice("openpgp:escrow/".length);
    await rename(join(other.folder, name), join(place.folder, name));

    await expect(place.reader.reveal(reference)).rejects.toThrow(/encrypted to others/);
  });
});
