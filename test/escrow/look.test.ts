import { randomUUID } from "node:crypto";
import { rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type KeyVault, startKeyVault, VAULT_ROLES } from "../../emulator/key-vault/key-vault.ts";
import type { VaultRight } from "../../emulator/key-vault/key-vault-rights.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { KeyVaultEscrow } from "../../providers/escrow/key-vault/key-vault-escrow.ts";
import { ENTRY, SECRET } from "../support/escrow-sample.ts";
import { testClock } from "../support/test-clock.ts";
import { escrowFolder } from "./escrow-folder-fixture.ts";

/** Retries with their delays, on a machine that does other things too. */
jest.setTimeout(60_000);

describe("a look at an entry of a folder", () => {
  async function entry() {
    const place = await escrowFolder();
    const { reference } = await place.open().put(ENTRY, new Redacted(SECRET));
    const file = join(place.root, reference.slice("file:".length));
    return { place, reference, file, look: () => place.open().look(reference) };
  }

  test("tells that it is there, without opening it", async () => {
    const { look } = await entry();

    expect(await look()).toEqual({ kind: "there", expiresAt: null });
  });

  test("tells that it was deleted only from the folder that it was put into", async () => {
    const { look, file, place } = await entry();
    await rm(file);
    const deleted = await look();
    await rm(join(place.folder, "recipients.txt"));
    const other = await look();
    await rename(place.folder, `${place.folder}-away`);
    const missing = await look();

    expect(deleted.kind).toBe("deleted");
    expect([other, missing]).toEqual([
      { kind: "unseen", why: expect.stringContaining("not the folder that the entry was put into") },
      { kind: "unseen", why: expect.stringContaining("is not on this machine") },
    ]);
  });

  test("takes a link in its place for nothing, nor an entry of another folder, nor what is no reference", async () => {
    const { look, file, place } = await entry();
    await rename(file, `${file}.away`);
    await symlink(`${file}.away`, file);

    expect(await look()).toMatchObject({ kind: "unseen", why: expect.stringContaining("not a regular file") });
    for (const reference of [
      "file:elsewhere/0123456789abcdef0123456789abcdef.age",
      "file:escrow/../../etc/passwd",
      "https://kv.vault.azure.net/x",
    ])
      expect((await place.open().look(reference)).kind).toBe("unseen");
  });
});

describe("a look at a secret of a Key Vault", () => {
  let vault: KeyVault;
  let rights: readonly VaultRight[];

  beforeEach(async () => {
    rights = [...VAULT_ROLES.escrowWriter, "readMetadata"];
    vault = await startKeyVault({ rightsOf: () => rights });
  });

  afterEach(() => vault.close());

  const open = () =>
    new KeyVaultEscrow({
      vaultUrl: vault.url,
      isLoopback: true,
      credential: async () => ({ getToken: async () => ({ token: "token", expiresOnTimestamp: Date.now() + 3_600_000 }) }),
      clock: testClock(),
      uuid: randomUUID,
      caCertificate: vault.caCertificate,
      retryDelayMs: 1,
    });

  async function put() {
    const { reference } = await open().put(ENTRY, new Redacted(SECRET));
    const [name = ""] = vault.secrets.keys();
    const since = vault.requests.length;
    return { name, reference, look: () => open().look(reference), asked: () => vault.requests.slice(since).map(({ path }) => path) };
  }

  test("tells when it expires, and asks for no value", async () => {
    const { look, name, asked } = await put();

    expect(await look()).toEqual({ kind: "there", expiresAt: "2027-11-20T12:00:00.000Z" });
    // The first is of a name that nobody has: it ends the challenge.
    expect(asked().filter((path) => path.includes(name))).toEqual([`/secrets/${name}/versions`]);
  });

  test("tells that it was disabled, and that it was deleted", async () => {
    const { look, name } = await put();
    vault.disable(name);
    const disabled = await look();
    vault.remove(name);
    const deleted = await look();

    expect(disabled).toEqual({ kind: "disabled" });
    expect(deleted).toMatchObject({ kind: "deleted", detail: expect.stringMatching(/^deleted at 20/) });
  });

  test("tells of a secret that the vault has nowhere that it cannot be seen: that is no proof", async () => {
    const { reference } = await put();
    const unknown = reference.replace(/dl-[0-9a-f]{32}/, `dl-${"0".repeat(32)}`);
    vault.fail({ path: /versions$/, effect: { kind: "refuse", status: 404, code: "SecretNotFound" } });

    const looks = [await open().look(unknown), await open().look(unknown)];

    for (const look of looks) expect(look).toMatchObject({ kind: "unseen", why: expect.stringContaining("purged, or is hidden") });
  });

  test("without the right says which role has it", async () => {
    const { look } = await put();
    rights = VAULT_ROLES.escrowWriter;

    expect(await look()).toMatchObject({ kind: "notAllowed", why: expect.stringContaining("Key Vault Reader") });
  });

  test.each([
    [{ kind: "refuse", status: 500, code: "InternalError" }, "500 InternalError"],
    [{ kind: "html", status: 200, says: "a proxy" }, "does not show it"],
  ] as const)("that ends in %j cannot be seen", async (effect, why) => {
    const { look } = await put();
    vault.fail({ path: /versions$/, times: 9, effect });

    expect(await look()).toMatchObject({ kind: "unseen", why: expect.stringContaining(why) });
  });

  test("behind a firewall cannot be seen: no role is missing", async () => {
    const { look } = await put();
    vault.fail({ times: 9, effect: { kind: "refuse", status: 403, code: "Forbidden", innerCode: "ForbiddenByFirewall" } });

    expect(await look()).toMatchObject({ kind: "unseen", why: expect.stringContaining("403 ForbiddenByFirewall") });
  });

  test("of another vault, or without a vault that answers, cannot be seen", async () => {
    const { reference, look } = await put();
    const other = reference.replace(vault.url, "https://kv-other.vault.azure.net");
    const elsewhere = await open().look(other);
    await vault.close();

    expect(elsewhere).toMatchObject({ kind: "unseen", why: expect.stringContaining("is not in") });
    expect((await look()).kind).toBe("unseen");
  });
});
