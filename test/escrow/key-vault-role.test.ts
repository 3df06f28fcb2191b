import { randomUUID } from "node:crypto";
import type { TokenCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type KeyVault, startKeyVault, VAULT_ROLES } from "../../emulator/key-vault/key-vault.ts";
import { EscrowError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { openEscrowReader } from "../../providers/escrow/open-escrow-reader.ts";
import { createCertificateFor } from "../support/certificate.ts";
import { ENTRY, SECRET } from "../support/escrow-sample.ts";
import { openEscrow } from "../support/open-escrow.ts";
import { testClock } from "../support/test-clock.ts";
import { trustCertificates } from "../support/trust-certificates.ts";
import { startTunnel } from "../support/tunnel.ts";
import { SUFFIXES } from "./escrow-folder-fixture.ts";

type Person = keyof typeof VAULT_ROLES | "nobody";

let vault: KeyVault;

beforeEach(async () => {
  const rights = new Map(Object.entries({ ...VAULT_ROLES, nobody: [] }));
  vault = await startKeyVault({ rightsOf: (token) => rights.get(token) ?? null });
});

afterEach(() => vault.close());

const bearing = (token: string): TokenCredential => ({ getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) });

function escrowOf(person: Person, clock = testClock()) {
  return openEscrow({
    location: vault.url,
    root: "/",
    isLoopbackGraph: true,
    vaultSuffixes: SUFFIXES,
    credential: async () => bearing(person),
    clock,
    uuid: randomUUID,
    caCertificate: vault.caCertificate,
  });
}

function readerOf(person: Person) {
  const common = { root: "/", identityFile: null, vaultSuffixes: SUFFIXES, caCertificate: vault.caCertificate };
  return openEscrowReader({ ...common, credential: async () => bearing(person) });
}

function clientOf(person: Person): SecretClient {
  return new SecretClient(vault.url, bearing(person), {
    disableChallengeResourceVerification: true,
    tlsOptions: { ca: vault.caCertificate },
    retryOptions: { maxRetries: 0 },
  });
}

const put = (person: Person = "escrowWriter") => escrowOf(person).put(ENTRY, new Redacted(SECRET));

async function refusalOf(work: Promise<unknown>): Promise<EscrowError> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof EscrowError) return error;
  throw new Error(`no refusal: ${String(error)}`);
}

describe("the role of runs", () => {
  test("is enough to put a secret, to compare it, and to have it back by its reference", async () => {
    const escrow = escrowOf("escrowWriter");

    const { reference } = await escrow.put(ENTRY, new Redacted(SECRET));
    const again = await escrow.readBack?.(reference);

    expect(again?.reveal()).toBe(SECRET);
    expect([...vault.secrets.values()].flat()).toHaveLength(1);
  });

  test.each<[string, "live" | "deleted", (client: SecretClient, name: string) => Promise<unknown>]>([
    ["listing", "live", (client) => client.listPropertiesOfSecrets().next()],
    ["listing versions", "live", (client, name) => client.listPropertiesOfSecretVersions(name).next()],
    ["listing what was deleted", "live", (client) => client.listDeletedSecrets().next()],
    ["changing", "live", (client, name) => client.updateSecretProperties(name, "0123456789abcdef0123456789abcdef", { enabled: false })],
    ["deleting", "live", (client, name) => client.beginDeleteSecret(name)],
    ["recovering", "deleted", (client, name) => client.beginRecoverDeletedSecret(name)],
    ["purging", "deleted", (client, name) => client.purgeDeletedSecret(name)],
    ["backing up", "live", (client, name) => client.backupSecret(name)],
    ["restoring", "live", (client) => client.restoreSecretBackup(new Uint8Array([1]))],
  ])("has no right of %s", async (_what, state, call) => {
    await put();
    const [name = ""] = vault.secrets.keys();
    if (state === "deleted") vault.remove(name);

    const error = await call(clientOf("escrowWriter"), name).then(
      () => ({ statusCode: 200 }),
      (thrown: { readonly statusCode?: number }) => ({ statusCode: thrown.statusCode }),
    );

    expect(error).toEqual({ statusCode: 403 });
  });
});

describe("without the rights", () => {
  test.each<[Person, RegExp]>([
    ["nobody", /cannot read from .*403 ForbiddenByRbac: .*getSecret/],
    ["secretsUser", /cannot put a secret into .*403 ForbiddenByRbac: .*setSecret/],
  ])("%s is told which one is missing and which role has it", async (person, message) => {
    const refusal = await refusalOf(put(person));

    expect(refusal.message).toMatch(message);
    expect(refusal.hint).toMatch(/set and get secrets \(the role that infrastructure\/ makes.*new roles take some minutes/);
    expect(vault.secrets.size).toBe(0);
  });
});

describe("the role of readers", () => {
  test("reads a secret, one that has expired too: the vault says when, and keeps nobody from it", async () => {
    const longAgo = { ...testClock(), now: () => Date.parse("2020-01-01T00:00:00Z") };
    const { reference } = await escrowOf("escrowWriter", longAgo).put(ENTRY, new Redacted(SECRET));

    const found = await readerOf("secretsUser").reveal(reference);

    expect(found.secret.reveal()).toBe(SECRET);
  });

  test("is told when a secret was disabled, and when it was deleted", async () => {
    const { reference } = await put();
    const [name = ""] = vault.secrets.keys();
    vault.disable(name);
    const disabled = await refusalOf(readerOf("secretsUser").reveal(reference));
    vault.remove(name);
    const deleted = await refusalOf(readerOf("secretsUser").reveal(reference));

    expect([disabled.message, disabled.hint]).toEqual([
      expect.stringContaining("403 SecretDisabled"),
      expect.stringContaining("enable it"),
    ]);
    expect([deleted.message, deleted.hint]).toEqual([expect.stringContaining("404 SecretNotFound"), expect.stringContaining("recover")]);
  });
});

test("a vault under its own name is asked with the challenge that only it may give", async () => {
  const host = "kv-devices-0123456789.vault.azure.net";
  const certificate = await createCertificateFor([host]);
  const named = await startKeyVault({ certificate, rightsOf: () => VAULT_ROLES.escrowWriter });
  const tunnel = await startTunnel(new Map([[host, Number(new URL(named.url).port)]]));
  const untrust = trustCertificates(certificate.cert);
  const before = process.env.HTTPS_PROXY;
  process.env.HTTPS_PROXY = tunnel.url;
  try {
    const { reference } = await openEscrow({
      location: `https://${host}`,
      root: "/",
      isLoopbackGraph: false,
      vaultSuffixes: ["vault.azure.net"],
      credential: async () => bearing("escrowWriter"),
      clock: testClock(),
      uuid: randomUUID,
    }).put(ENTRY, new Redacted(SECRET));

    expect(reference).toMatch(new RegExp(`^https://${host}/secrets/dl-[0-9a-f]{32}/[0-9a-f]{32}$`));
    expect(tunnel.refused).toEqual([]);
  } finally {
    if (before === undefined) delete process.env.HTTPS_PROXY;
    else process.env.HTTPS_PROXY = before;
    untrust();
    await tunnel.close();
    await named.close();
  }
});
