import { SecretClient } from "@azure/keyvault-secrets";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type KeyVault, startKeyVault } from "../../emulator/key-vault/key-vault.ts";

let vault: KeyVault;
let client: SecretClient;

beforeEach(async () => {
  vault = await startKeyVault();
  const credential = { getToken: async () => ({ token: "token", expiresOnTimestamp: Date.now() + 3_600_000 }) };
  client = new SecretClient(vault.url, credential, {
    disableChallengeResourceVerification: true,
    tlsOptions: { ca: vault.caCertificate },
    retryOptions: { maxRetries: 0 },
  });
});

afterEach(() => vault.close());

test("the newest version is given without a version, an older one by its version", async () => {
  const first = await client.setSecret("name", "one");
  await client.setSecret("name", "two");

  expect((await client.getSecret("name")).value).toBe("two");
  expect((await client.getSecret("name", { version: String(first.properties.version) })).value).toBe("one");
});

test("a deleted secret keeps its name until it is recovered or purged", async () => {
  await client.setSecret("name", "one");
  await client.beginDeleteSecret("name");

  await expect(client.getSecret("name")).rejects.toMatchObject({ statusCode: 404 });
  await expect(client.setSecret("name", "two")).rejects.toMatchObject({ statusCode: 409 });
  expect((await client.getDeletedSecret("name")).properties.recoverableDays).toBe(90);

  await (await client.beginRecoverDeletedSecret("name", { intervalInMs: 1 })).pollUntilDone();
  expect((await client.getSecret("name")).value).toBe("one");

  await client.beginDeleteSecret("name");
  await client.purgeDeletedSecret("name");
  await expect(client.getDeletedSecret("name")).rejects.toMatchObject({ statusCode: 404 });
  expect((await client.setSecret("name", "three")).value).toBe("three");
});

test("a disabled secret is not given out", async () => {
  await client.setSecret("name", "one", { enabled: false });

  await expect(client.getSecret("name")).rejects.toMatchObject({ statusCode: 403 });
});
