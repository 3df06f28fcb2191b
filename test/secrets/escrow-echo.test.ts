import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Encrypter } from "age-encryption";
import { type KeyVault, startKeyVault } from "../../emulator/key-vault/key-vault.ts";
import type { KeyVaultEffect } from "../../emulator/key-vault/key-vault-faults.ts";
import { EscrowError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { KeyVaultEscrow } from "../../providers/escrow/key-vault/key-vault-escrow.ts";
import { openEscrowReader } from "../../providers/escrow/open-escrow-reader.ts";
import { escrowFolder } from "../escrow/escrow-folder-fixture.ts";
import { ENTRY } from "../support/escrow-sample.ts";
import { leaksIn } from "../support/secrets.ts";
import { testClock } from "../support/test-clock.ts";

const CODE = "CANARY-7CODE-4K7Q1-P9D0M-3TXYZ";

let vault: KeyVault;

beforeEach(async () => {
  vault = await startKeyVault();
});

afterEach(() => vault.close());

const credential = async () => ({ getToken: async () => ({ token: "good-token", expiresOnTimestamp: Date.now() + 3_600_000 }) });

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(EscrowError);
  return inspect(error, { depth: 12, showHidden: true });
}

function store(): KeyVaultEscrow {
  const { url: vaultUrl, caCertificate } = vault;
  return new KeyVaultEscrow({
    vaultUrl,
    isLoopback: true,
    credential,
    clock: testClock(),
    uuid: randomUUID,
    caCertificate,
    retryDelayMs: 1,
  });
}

const reader = () => openEscrowReader({ root: "/", identityFile: null, vaultSuffixes: [], credential, caCertificate: vault.caCertificate });

const base64 = Buffer.from(`{"value":"${CODE}"}`).toString("base64");
const refuse = (code: string, message: string): KeyVaultEffect => ({ kind: "refuse", status: 400, code, message });

describe("a vault that repeats the secret does not get it into an error", () => {
  test.each<[string, KeyVaultEffect]>([
    ["in words", refuse("BadParameter", `bad value ${CODE}`)],
    ["in base64", refuse("BadParameter", `bad body ${base64}`)],
    ["in hex", refuse("BadParameter", `bad body ${Buffer.from(CODE).toString("hex")}`)],
    ["as its code", refuse(CODE, "bad")],
    ["as its code in base64", refuse(Buffer.from(CODE).toString("base64url"), "bad")],
    ["in a page with a good status", { kind: "html", status: 200, says: `${encodeURIComponent(CODE)} $VALUE` }],
    ["in what should be JSON", { kind: "html", status: 200, says: "$VALUE", type: "application/json" }],
    ["in a page with an error", { kind: "html", status: 400, says: "proxy error near $VALUE" }],
  ])("%s", async (_, effect) => {
    vault.fail({ method: "PUT", times: 9, effect });

    const text = await failureOf(store().put(ENTRY, new Redacted(CODE)));

    expect(leaksIn(text, [CODE])).toEqual([]);
  });

  test.each<[string, KeyVaultEffect]>([
    ["that reads it back", { kind: "html", status: 200, says: "$VALUE" }],
    ["that reads it back, with an error", { kind: "html", status: 400, says: "$VALUE" }],
  ])("in the answer %s", async (_, effect) => {
    vault.fail({ method: "GET", path: /\/secrets\/[^/]+\/.+/, times: 9, effect });

    const text = await failureOf(store().put(ENTRY, new Redacted(CODE)));

    expect(leaksIn(text, [CODE])).toEqual([]);
  });

  test("in the answer to the person who may read it, but has left no audit line yet", async () => {
    const { reference } = await store().put(ENTRY, new Redacted(CODE));
    const pages = [200, 400].flatMap((status) => (["text/html", "application/json"] as const).map((type) => ({ status, type })));
    for (const page of pages) {
      vault.fail({ method: "GET", times: 1, effect: { kind: "html", ...page, says: "$VALUE" } });

      const text = await failureOf(reader().reveal(reference));

      expect(text).toContain("the answer is not one of a vault");
      expect(leaksIn(text, [CODE])).toEqual([]);
    }
  });
});

test("an entry that is not ours, though it opens, is not quoted", async () => {
  const place = await escrowFolder();
  const encrypter = new Encrypter();
  encrypter.addRecipient(place.recipient);
  const path = join(place.folder, "00000000000000000000000000000001.age");
  await writeFile(path, await encrypter.encrypt(`${CODE} is no JSON`));
  const { reference } = await place.open().put(ENTRY, new Redacted(CODE));
  const foreign = reference.replace(/[^/]+\.age$/, "00000000000000000000000000000001.age");

  const text = await failureOf(place.reader.reveal(foreign));

  expect(leaksIn(text, [CODE])).toEqual([]);
});
