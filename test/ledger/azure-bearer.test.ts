import { randomUUID } from "node:crypto";
import type { TokenCredential } from "@azure/identity";
import { BlobServiceClient } from "@azure/storage-blob";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type Entra, startEntra } from "../../emulator/entra/entra.ts";
import { LedgerError } from "../../providers/domain/errors.ts";
import { createCredential } from "../../providers/identity/credential.ts";
import { openLedger } from "../../providers/ledger/open-ledger.ts";
import { DEVICE, intent, outcome, result } from "../contract/sample-records.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import { createCertificateFor } from "../support/certificate.ts";
import { type StorageGate, startStorageGate } from "../support/storage-gate.ts";
import { trustCertificates } from "../support/trust-certificates.ts";
import { startTunnel, type Tunnel } from "../support/tunnel.ts";
import { HurriedClock } from "./azure-fixture.ts";

const HOST = "stdevicelifecycle.blob.core.windows.net";
const APPLICATION = { clientId: "aaaaaaaa-0000-4000-8000-000000000001", secret: "s3cret-of-up" };

let azurite: Azurite;
let gate: StorageGate;
let tunnel: Tunnel;
let entra: Entra;
let container: string;
const undo: (() => unknown)[] = [];

/**
 * Storage under its own name, behind the roles that infrastructure/ gives, for tokens of Entra's
 * alone.
 */
beforeAll(async () => {
  const certificate = await createCertificateFor([HOST]);
  undo.push(trustCertificates(certificate.cert));
  azurite = await startAzurite({ accountName: "stdevicelifecycle", certificate });
  gate = await startStorageGate(azurite.port, certificate);
  tunnel = await startTunnel(new Map([[HOST, gate.port]]));
  entra = await startEntra({ certificate, applications: [APPLICATION] });
  const before = process.env.HTTPS_PROXY;
  process.env.HTTPS_PROXY = tunnel.url;
  undo.push(() => {
    if (before === undefined) delete process.env.HTTPS_PROXY;
    else process.env.HTTPS_PROXY = before;
  });
});

afterAll(async () => {
  for (const step of undo.reverse()) step();
  for (const server of [tunnel, entra, gate]) await server?.close();
  await azurite?.stop();
});

beforeEach(async () => {
  container = randomUUID();
  gate.rights = ["read", "add/action", "write"];
  await BlobServiceClient.fromConnectionString(azurite.connectionString().reveal()).getContainerClient(container).create();
});

function open(credential: () => Promise<TokenCredential> = signIn) {
  return openLedger({
    location: `https://${HOST}/${container}`,
    root: "/",
    isLoopbackGraph: false,
    clock: new HurriedClock(),
    uuid: randomUUID,
    waitMs: 0,
    azure: { blobSuffixes: ["blob.core.windows.net"], credential, connectionString: azurite.connectionString(), holder: "a test" },
  });
}

function signIn(): Promise<TokenCredential> {
  const { clientId, secret } = APPLICATION;
  const env = { AZURE_AUTHORITY_HOST: entra.url, AZURE_TENANT_ID: entra.tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: secret };
  return createCredential(env, "global", new HurriedClock());
}

async function refusalOf(work: Promise<unknown>): Promise<LedgerError> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof LedgerError) return error;
  throw new Error(`no refusal: ${String(error)}`);
}

test("a ledger lives with a token and the role of `up`, and asks for nothing beyond it", async () => {
  const ledger = open();
  await ledger.create();
  await ledger.withDevice(DEVICE.id, async () => {
    await ledger.brake(DEVICE.id);
    await ledger.append(intent("leeds-leaver-0042#1"));
  });
  await ledger.setBrake("stop", "anna", "wrong devices");
  const other = open();

  expect((await other.read()).records.map(({ kind }) => kind)).toEqual(["created", "intent"]);
  expect(await other.brake()).toContain("wrong devices");
  expect([gate.refused, tunnel.refused]).toEqual([[], []]);
  expect([...gate.used].toSorted()).toEqual(["add/action", "read", "write"]);
});

test("the index of a ledger of more than a MiB is made with the role of `up`, and read with the one of previews", async () => {
  await open().create();
  const long = Array.from({ length: 12 }, (_, index) => result(`long-${index}#1`, { detail: "x".repeat(100_000) }));
  const first = open();
  await Promise.all(long.map((record) => first.append(record)));
  await open().append(outcome("long-0#1"));
  gate.rights = ["read"];

  const preview = open();
  const { records, note } = await preview.read();

  expect(records).toHaveLength(14);
  expect([note, (await preview.inspect()).index]).toEqual([null, { lines: 13 }]);
  expect([gate.refused, tunnel.refused]).toEqual([[], []]);
});

test("who may only read, reads; what writing lacks is told by the role", async () => {
  await open().create();
  gate.rights = ["read"];

  const refusal = await refusalOf(open().append(outcome("leeds-leaver-0042#1")));

  expect(refusal.message).toContain("403 AuthorizationPermissionMismatch");
  expect(refusal.hint).toContain("Storage Blob Data Contributor");
  expect((await open().read()).records).toHaveLength(1);
});

test("a token for another service is refused as a matter of signing in", async () => {
  const graph = async (): Promise<TokenCredential> => {
    const credential = await signIn();
    return { getToken: () => credential.getToken("https://graph.microsoft.com/.default") };
  };

  const refusal = await refusalOf(open(graph).read());

  expect(refusal.message).toMatch(/40[13] /);
  expect(refusal.hint).toMatch(/sign in|role/);
  expect(refusal.message + refusal.hint).not.toContain("eyJ");
});
