import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type KeyVault, startKeyVault } from "../../emulator/key-vault/key-vault.ts";
import { EscrowError, SignInError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { KeyVaultEscrow, type KeyVaultEscrowOptions } from "../../providers/escrow/key-vault/key-vault-escrow.ts";
import { DEVICE } from "../contract/sample-records.ts";
import { ENTRY, formsOf, SECRET } from "../support/escrow-sample.ts";
import { testClock } from "../support/test-clock.ts";

/** Retries with their delays, on a machine that does other things too. */
jest.setTimeout(60_000);

let vault: KeyVault;

beforeEach(async () => {
  vault = await startKeyVault({ tokens: ["good-token"] });
});

afterEach(() => vault.close());

function open(changes: Partial<KeyVaultEscrowOptions> = {}, token = "good-token"): KeyVaultEscrow {
  return new KeyVaultEscrow({
    vaultUrl: vault.url,
    isLoopback: true,
    credential: async () => ({ getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) }),
    clock: testClock(),
    uuid: randomUUID,
    caCertificate: vault.caCertificate,
    retryDelayMs: 1,
    ...changes,
  });
}

const put = (store = open()) => store.put(ENTRY, new Redacted(SECRET));

async function failure(store = open()): Promise<EscrowError> {
  const error: unknown = await put(store).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(EscrowError);
  for (const form of formsOf(SECRET)) expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(form);
  return error as EscrowError;
}

test("what was put can be had again by its reference, and nothing of another vault", async () => {
  const { reference } = await put();

  const again = await open().readBack(reference);

  expect(again.reveal()).toBe(SECRET);
  await expect(open().readBack("https://other.vault.azure.net/secrets/dl-0/0123456789abcdef0123456789abcdef")).rejects.toThrow(EscrowError);
});

const stored = () => [...vault.secrets.values()].flat();

describe("a secret in a Key Vault", () => {
  test("lies under a name of chance, with what it is of in tags, a content type and an expiry", async () => {
    const { reference } = await put();

    const [secret] = stored();
    expect(secret).toMatchObject({
      name: expect.stringMatching(/^dl-[0-9a-f]{32}$/),
      value: SECRET,
      contentType: "text/plain; kind=activationLockBypassCode",
      expires: Date.parse("2027-11-20T12:00:00Z") / 1000,
      tags: {
        version: "1",
        kind: "activationLockBypassCode",
        deviceId: DEVICE.id,
        serialNumber: "DMPXK2ABCDEF",
        requestKey: "leeds-leaver-0042#1",
        capturedAt: ENTRY.capturedAt,
      },
    });
    expect(reference).toBe(`${vault.url}/secrets/${secret?.name}/${secret?.version}`);
    expect(JSON.stringify(secret?.tags)).not.toContain("Anna");
  });

  test("is kept as long as it is said", async () => {
    await put(open({ expireAfterDays: 30 }));

    expect(stored()[0]?.expires).toBe(Date.parse("2026-12-20T12:00:00Z") / 1000);
  });

  test("never travels in a request without a token, however many go out at once", async () => {
    const store = open();

    await Promise.all(Array.from({ length: 8 }, () => put(store)));

    const bare = vault.requests.filter((request) => !request.authorized);
    expect(bare.length).toBeGreaterThan(0);
    expect(bare.map((request) => request.bodyBytes)).toEqual(bare.map(() => 0));
    expect(stored()).toHaveLength(8);
  });

  test("is asked for by its exact version before put returns", async () => {
    const { reference } = await put();

    expect(vault.requests.at(-1)).toMatchObject({ method: "GET", path: new URL(reference).pathname });
  });
});

describe("a vault in trouble", () => {
  test("that throttles for a moment is asked again", async () => {
    vault.fail({ method: "PUT", times: 2, effect: { kind: "refuse", status: 429, code: "Throttled", headers: { "retry-after": "0" } } });

    await put();

    expect(stored()).toHaveLength(1);
  });

  test("that goes on throttling is told to the user, after four attempts", async () => {
    vault.fail({ method: "PUT", times: 99, effect: { kind: "refuse", status: 429, code: "Throttled" } });

    const error = await failure();

    expect(error.message).toMatch(/429 Throttled/);
    expect(error.hint).toMatch(/wait a minute/);
    expect(vault.requests.filter((request) => request.method === "PUT")).toHaveLength(4);
  });

  test("that lost its answer gets the secret again, and the reference is of the version that was read back", async () => {
    vault.fail({ method: "PUT", effect: { kind: "loseAnswer" } });

    const { reference } = await put();

    expect(stored()).toHaveLength(2);
    expect(reference.endsWith(String(stored()[1]?.version))).toBe(true);
  });

  test.each([
    [{ kind: "refuse", status: 403, code: "Forbidden", innerCode: "ForbiddenByRbac" }, /403 ForbiddenByRbac/, /Key Vault Secrets Officer/],
    [{ kind: "refuse", status: 403, code: "Forbidden", innerCode: "ForbiddenByFirewall" }, /ForbiddenByFirewall/, /firewall/],
    [
      { kind: "refuse", status: 403, code: "Forbidden", innerCode: "ForbiddenByConnection" },
      /ForbiddenByConnection/,
      /network, whatever the roles/,
    ],
    [{ kind: "refuse", status: 409, code: "Conflict", innerCode: "ObjectIsBeingRecovered" }, /409/, /wait a minute/],
    [{ kind: "refuse", status: 404, code: "NotFound" }, /404 NotFound/, /name of the vault/],
    [{ kind: "refuse", status: 409, code: "Conflict", innerCode: "ObjectIsDeletedButRecoverable" }, /409/, /recover or purge/],
    [{ kind: "refuse", status: 503, code: "ServiceUnavailable" }, /503/, /run the command again/],
    [{ kind: "html", status: 502 }, /502/, /run the command again/],
  ] as const)("that refuses with %j says what to do", async (effect, message, hint) => {
    vault.fail({ method: "PUT", times: 99, effect });

    const error = await failure();

    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  test("that lets nobody read gets no secret at all", async () => {
    vault.fail({ method: "GET", times: 99, effect: { kind: "refuse", status: 403, code: "Forbidden", innerCode: "ForbiddenByRbac" } });

    const error = await failure();

    expect(error.hint).toMatch(/Secrets Officer/);
    expect(vault.requests.filter((request) => request.method === "PUT")).toEqual([]);
  });

  test("that repeats the secret in its refusal does not get it into our error", async () => {
    vault.fail({ method: "PUT", effect: { kind: "refuse", status: 400, code: "BadParameter", message: `bad value ${SECRET}` } });

    expect((await failure()).message).toContain("<redacted>");
  });

  test("whose secret is gone at the read-back is no success", async () => {
    vault.fail({
      method: "GET",
      path: /^\/secrets\/[^/]+\/[^/]+$/,
      times: 99,
      effect: { kind: "refuse", status: 404, code: "SecretNotFound" },
    });

    expect((await failure()).message).toMatch(/read back.*404 SecretNotFound/);
  });

  test("that does not take the token is told as a matter of signing in", async () => {
    const error = await failure(open({}, "stale-token"));

    expect(error.hint).toMatch(/sign in again/);
  });

  test("that cannot be reached is told by its name", async () => {
    const error = await failure(open({ vaultUrl: "https://127.0.0.1:1" }));

    expect(error.message).toMatch(/127\.0\.0\.1:1.*ECONNREFUSED/);
    expect(error.hint).toMatch(/configuration key `escrow`/);
  });

  test("whose certificate nobody knows gets no token and no secret", async () => {
    const { caCertificate: _, ...options } = { caCertificate: vault.caCertificate };
    const store = new KeyVaultEscrow({
      vaultUrl: vault.url,
      isLoopback: true,
      credential: async () => ({ getToken: async () => ({ token: "good-token", expiresOnTimestamp: Date.now() + 3_600_000 }) }),
      clock: testClock(),
      uuid: randomUUID,
      retryDelayMs: 1,
      ...options,
    });

    expect((await failure(store)).hint).toMatch(/certificate/);
    expect(vault.requests).toEqual([]);
  });

  test("whose challenge is for another service gets no token and no secret", async () => {
    const store = open({ isLoopback: false });

    const error = await failure(store);

    expect(error.message).toMatch(/challenge/);
    expect(vault.requests.every((request) => !request.authorized && request.bodyBytes === 0)).toBe(true);
  });

  test("without a token at hand says so, and the next put tries again", async () => {
    const refused = new SignInError("nobody is signed in", { hint: "az login" });
    const answers: (SignInError | null)[] = [refused, null];
    const store = open({
      credential: async () => {
        const answer = answers.shift();
        if (answer) throw answer;
        return { getToken: async () => ({ token: "good-token", expiresOnTimestamp: Date.now() + 3_600_000 }) };
      },
    });

    await expect(put(store)).rejects.toBe(refused);
    expect((await put(store)).reference).toMatch(/^https:/);
  });
});
