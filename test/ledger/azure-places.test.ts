import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { ConfigurationError, LedgerError, type ProductError, SignInError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { azureFailure, storageFailure } from "../../providers/ledger/azure/azure-failure.ts";
import { type AzureAccess, openLedger } from "../../providers/ledger/open-ledger.ts";
import { testClock } from "../support/test-clock.ts";

const KEY = Buffer.from("a key that no text may show").toString("base64");
const SIGNATURE = "c2lnbmF0dXJl%2Bc2VjcmV0";

function open(location: string, changes: Partial<AzureAccess> & { readonly isLoopbackGraph?: boolean } = {}) {
  return openLedger({
    location,
    root: "/",
    isLoopbackGraph: changes.isLoopbackGraph ?? true,
    clock: testClock(),
    uuid: () => "u",
    azure: {
      blobSuffixes: ["blob.core.windows.net"],
      credential: () => Promise.reject(new SignInError("no token could be had", { hint: "az login" })),
      connectionString: null,
      holder: "a test",
      ...changes,
    },
  });
}

function refusalOf(work: () => unknown): ProductError {
  try {
    work();
  } catch (error) {
    return error as ProductError;
  }
  throw new Error("nothing was thrown");
}

describe("where in Azure Storage a ledger may live", () => {
  test.each([
    ["https://acct.blob.core.windows.net/ledger", "https://acct.blob.core.windows.net/ledger"],
    ["https://acct.blob.core.windows.net/my-ledger-2/", "https://acct.blob.core.windows.net/my-ledger-2"],
    ["http://127.0.0.1:10000/devstoreaccount1/ledger", "http://127.0.0.1:10000/devstoreaccount1/ledger"],
  ])("%s", (location, url) => {
    expect(open(location).describe()).toBe(`ledger in ${url}`);
  });

  test.each([
    ["http://acct.blob.core.windows.net/ledger", /not in Azure Storage of the chosen cloud/],
    ["https://acct.blob.core.windows.net:8443/ledger", /not in Azure Storage/],
    ["https://acct.blob.core.chinacloudapi.cn/ledger", /not in Azure Storage/],
    ["https://evil.example/acct.blob.core.windows.net/ledger", /not in Azure Storage/],
    ["https://evil.acct.blob.core.windows.net/ledger", /not in Azure Storage/],
    ["https://acctblob.core.windows.net/ledger", /not in Azure Storage/],
    ["https://acct.blob.core.windows.net", /names no container/],
    ["https://acct.blob.core.windows.net/a/b", /names no container/],
    ["https://acct.blob.core.windows.net/Ledger", /names no container/],
    ["https://acct.blob.core.windows.net/a--b", /names no container/],
    ["https://acct.blob.core.windows.net/%2e%2e", /names no container/],
    ["http://127.0.0.1:10000/ledger", /names no account and container/],
    ["http://127.0.0.1:10000/acct/ledger/more", /names no account and container/],
    ["ftp://acct.blob.core.windows.net/ledger", /not supported/],
    ["s3://bucket/ledger", /not supported/],
  ])("not %s", (location, message) => {
    const refusal = refusalOf(() => open(location));

    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect(refusal.message).toMatch(message);
    expect(refusal.hint).not.toBe("");
  });

  test("not with a signature or a password in its address, which no text repeats", () => {
    for (const location of [
      `https://acct.blob.core.windows.net/ledger?sv=2025-01-05&sig=${SIGNATURE}`,
      `https://acct.blob.core.windows.net/ledger#${SIGNATURE}`,
      `https://user:${SIGNATURE}@acct.blob.core.windows.net/ledger`,
      `http://127.0.0.1:10000/acct/ledger?sig=${SIGNATURE}`,
    ]) {
      const refusal = refusalOf(() => open(location));

      expect(refusal).toBeInstanceOf(ConfigurationError);
      expect(refusal.hint).toMatch(/never with a key or a SAS/);
      expect(`${refusal.message} ${refusal.hint}`).not.toContain(SIGNATURE);
    }
  });

  test("storage on this machine only with a Graph on this machine", () => {
    const refusal = refusalOf(() => open("http://127.0.0.1:10000/acct/ledger", { isLoopbackGraph: false }));

    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect(refusal.hint).toMatch(/Graph endpoint on this machine only/);
  });
});

describe("signing in", () => {
  test("storage on this machine asks for no credential, and takes a connection string of its own alone", async () => {
    const place = "http://127.0.0.1:10000/acct/ledger";
    const strings = [
      null,
      `DefaultEndpointsProtocol=http;AccountName=acct;AccountKey=${KEY};BlobEndpoint=http://127.0.0.1:10001/acct;`,
      `DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=${KEY};EndpointSuffix=core.windows.net`,
      `BlobEndpoint=${new URL(place).origin}/acct;SharedAccessSignature=sig=${SIGNATURE}`,
      `nonsense ${KEY}`,
    ];

    for (const text of strings) {
      const error = await open(place, { connectionString: text === null ? null : new Redacted(text) })
        .read()
        .catch((thrown: ProductError) => thrown);

      expect(error).toBeInstanceOf(ConfigurationError);
      expect(
        JSON.stringify([(error as ProductError).message, (error as ProductError).hint, (error as ProductError).cause ?? ""]),
      ).not.toMatch(new RegExp(`${KEY.slice(0, 12)}|${SIGNATURE.slice(0, 10)}`));
    }
  });

  test("storage in Azure asks the credential, and never takes the connection string", async () => {
    const connectionString = new Redacted(
      `DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=${KEY};EndpointSuffix=core.windows.net`,
    );

    await expect(open("https://acct.blob.core.windows.net/ledger", { connectionString }).read()).rejects.toThrow(SignInError);
  });

  test("a redirect is not followed, wherever it leads", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(307, { location: "/acct/elsewhere" }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const account = `http://127.0.0.1:${(server.address() as AddressInfo).port}/acct`;
    const connectionString = new Redacted(`DefaultEndpointsProtocol=http;AccountName=acct;AccountKey=${KEY};BlobEndpoint=${account};`);

    const error = await open(`${account}/ledger`, { connectionString })
      .read()
      .catch((thrown: unknown) => thrown);
    await new Promise((resolve) => server.close(resolve));

    expect(error).toBeInstanceOf(LedgerError);
    expect(asked.filter((target) => target.includes("elsewhere"))).toEqual([]);
    expect(asked).toHaveLength(1);
  });
});

/** As the client throws it: with the request, its headers and all. */
function clientError(statusCode: number | undefined, code: string, message = "Said by storage.\nRequestId:1234\nTime:now"): Error {
  const request = { headers: { authorization: `SharedKey acct:${KEY}` }, url: `https://acct.blob.core.windows.net/?sig=${SIGNATURE}` };
  return Object.assign(new Error(message), { name: "RestError", statusCode, code, request, details: { errorCode: code } });
}

describe("what storage refuses is told in words", () => {
  test.each<[number | undefined, string, RegExp]>([
    [401, "InvalidAuthenticationInfo", /sign in again/],
    [403, "AuthorizationPermissionMismatch", /Storage Blob Data Contributor on the container/],
    [403, "AuthorizationFailure", /Storage Blob Data Contributor.*firewall/],
    [403, "KeyBasedAuthenticationNotPermitted", /takes no keys/],
    [404, "ContainerNotFound", /make the container/],
    [404, "BlobNotFound", /restore it/],
    [409, "BlobImmutableDueToPolicy", /immutability policy.*append/],
    [409, "BlobIsSealed", /sealed/],
    [403, "AccountIsLocked", /locked for now/],
    [403, "AuthorizationProtocolMismatch", /must begin with https/],
    [409, "FeatureNotSupportedForAccount", /without one/],
    [400, "FeatureNotYetSupportedForHierarchicalNamespaceAccounts", /without one/],
    [409, "ContainerBeingDeleted", /restore/],
    [429, "TooManyRequests", /wait a minute/],
    [503, "ServerBusy", /wait a minute/],
    [undefined, "ENOTFOUND", /no storage account of this name/],
    [undefined, "ECONNREFUSED", /no storage account of this name/],
    [undefined, "DEPTH_ZERO_SELF_SIGNED_CERT", /certificate is not trusted.*NODE_EXTRA_CA_CERTS/],
    [undefined, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", /certificate is not trusted/],
    [undefined, "EMADEUP", /run the command again/],
  ])("%s %s", (status, code, hint) => {
    const failure = azureFailure(clientError(status, code), "read", "the ledger in https://acct.blob.core.windows.net/ledger");

    expect(failure).toBeInstanceOf(LedgerError);
    expect(failure.message).toBe(
      `cannot read the ledger in https://acct.blob.core.windows.net/ledger: ${status === undefined ? "" : `${status} `}${code}: Said by storage.`,
    );
    expect(failure.hint).toMatch(hint);
    expect(JSON.stringify(failure.cause)).not.toMatch(new RegExp(`${KEY}|${SIGNATURE}`));
  });

  test("and only what may pass is tried again", () => {
    const passing = (status: number | undefined, code: string) => {
      const failure = storageFailure(clientError(status, code));
      return "isPassing" in failure && failure.isPassing;
    };

    for (const status of [408, 429, 500, 502, 503, 504]) expect(passing(status, "x")).toBe(true);
    for (const status of [400, 401, 403, 404, 409, 412, 413, 416]) expect(passing(status, "x")).toBe(false);
    expect(["ECONNRESET", "ETIMEDOUT", "AbortError"].map((code) => passing(undefined, code))).toEqual([true, true, true]);
    expect(["CredentialUnavailableError", "ERR_TLS_CERT_ALTNAME_INVALID"].map((code) => passing(undefined, code))).toEqual([false, false]);
  });

  test("control characters of an answer steer no terminal", () => {
    const failure = azureFailure(clientError(400, "Bad", "\u001b[2Jcleared"), "read", "it");

    expect(failure.message).not.toContain("\u001b");
  });
});
