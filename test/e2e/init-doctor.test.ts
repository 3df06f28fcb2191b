import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Row } from "../../cli/doctor/row.ts";
import { createCertificate, startEntra } from "../../emulator/entra/entra.ts";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { type KeyVault, startKeyVault } from "../../emulator/key-vault/key-vault.ts";
import { VAULT_ROLES } from "../../emulator/key-vault/key-vault-rights.ts";
import { type Ended, SpawnedCommand } from "../cli/spawned-command.ts";
import { closedPort } from "../support/closed-port.ts";
import { newcomer, projectCopy } from "../support/project-copy.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const READ = "DeviceManagementManagedDevices.Read.All";
const PRIVILEGED = "DeviceManagementManagedDevices.PrivilegedOperations.All";
const REQUEST = `requests:
  - name: leeds-lock-0042
    device: { serialNumber: DMPXK2ABCDEF }
    steps: [remoteLock]
    reason: Found on a train
`;

let clone: string;
let home: string;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  clone = await projectCopy();
  home = await temporaryFolder();
  // No Azure CLI: nobody is signed in, and nothing asks Microsoft.
  env = { ...newcomer(home), HOME: home, DEVICE_LIFECYCLE_CACHE: process.env.DEVICE_LIFECYCLE_CACHE ?? cacheOf(process.env.HOME ?? "") };
  await writeFile(path.join(clone, "devices/requests/a.yaml"), REQUEST);
});

function cacheOf(ownHome: string): string {
  return path.join(process.env.XDG_CACHE_HOME ?? path.join(ownHome, ".cache"), "device-lifecycle");
}

async function dlr(name: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const ended = await new SpawnedCommand(name, args, { ...env, ...more }, { cwd: clone, root: clone }).ended;
  // Whatever is wrong: rows, and no stack traces.
  expect(ended.stdout + ended.stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  return ended;
}

/** What the doctor says, by row. */
async function doctor(stack: string, more: Readonly<Record<string, string>> = {}) {
  const { code, stdout } = await dlr("doctor", [stack, "--json"], more);
  const rows = JSON.parse(stdout) as readonly Row[];
  return {
    code,
    rows,
    row: (what: string) => rows.find((row) => row.what === what),
    not: (state: string) => rows.filter((row) => row.state !== state),
  };
}

/** One story, told in order: a stack with folders, on a machine where nobody is signed in. */
describe("dlr init with folders", () => {
  const settings = () => readFile(path.join(clone, "Pulumi.prod.yaml"), "utf8");

  test("asks nobody without a terminal: it names every option that it needs, and makes nothing", async () => {
    const ended = await dlr("init", ["prod"]);

    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("help: say --escrow PLACE and --ledger PLACE");
    expect(existsSync(path.join(clone, "Pulumi.prod.yaml"))).toBe(false);
    expect((await dlr("pulumi", ["stack", "ls", "--json"])).stdout).toContain("[]");
  });

  test("tells wrong settings before it makes anything", async () => {
    const ended = await dlr("init", ["prod", "--escrow", "https://example.org", "--ledger", "file:ledger", "--tenant", "contoso"]);

    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/device-lifecycle:tenant is "contoso"/);
    expect((await dlr("pulumi", ["stack", "ls", "--json"])).stdout).toContain("[]");
  });

  test("makes stack, settings, ledger and a reader, and ends with what is left to do", async () => {
    const ended = await dlr("init", ["prod", "--escrow", "file:escrow", "--ledger", "file:ledger", "--keygen"]);

    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/^made the stack prod$/m);
    expect(ended.stdout).toMatch(/^ok +ledger +ledger in .*ledger\.jsonl: 0 requests$/m);
    expect(ended.stdout).toMatch(/^ok +escrow +file:escrow answers; readers: 1 with proven keys/m);
    expect(ended.stdout).toMatch(/^missing +sign-in .*\n +→ \.\/dlr login/m);
    expect(ended.stdout).toMatch(/^unknown +Graph +not asked: there is no token to ask with$/m);
    expect(ended.stdout).toMatch(/^17 rows: 1 missing, \d unknown;/m);
    expect(await settings()).toMatch(/device-lifecycle:escrow: file:escrow\n +device-lifecycle:ledger: file:ledger\n$/);
  });

  test("changes nothing when it is run again", async () => {
    const before = [await settings(), await readFile(path.join(clone, "escrow/recipients.txt"), "utf8")];
    const ledger = await readFile(path.join(clone, "ledger/ledger.jsonl"), "utf8");

    const ended = await dlr("init", ["prod", "--escrow", "file:escrow", "--keygen"]);

    expect(ended.stderr).toContain("the stack prod is there already");
    expect(ended.stderr).not.toMatch(/wrote|made/);
    expect([await settings(), await readFile(path.join(clone, "escrow/recipients.txt"), "utf8")]).toEqual(before);
    expect(await readFile(path.join(clone, "ledger/ledger.jsonl"), "utf8")).toBe(ledger);
  });

  test("overwrites no setting in silence", async () => {
    const before = await settings();

    const refused = await dlr("init", ["prod", "--ledger", "file:other"]);
    const unchanged = await settings();
    const taken = await dlr("init", ["prod", "--ledger", "file:other", "--overwrite"]);

    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("ledger is file:ledger, and --ledger says file:other") });
    expect(unchanged).toBe(before);
    expect(taken.stderr).toContain("wrote device-lifecycle:ledger");
    expect(await settings()).toContain("device-lifecycle:ledger: file:other");
  });

  test("makes a ledger that is lost not anew", async () => {
    await rm(path.join(clone, "other"), { recursive: true });

    const ended = await dlr("init", ["prod"]);

    expect(existsSync(path.join(clone, "other"))).toBe(false);
    expect(ended.stdout).toMatch(/^missing +ledger +there is no ledger in .*other.*\n +→ .*\.\/dlr ledger init prod/m);
    expect(ended.stdout).toMatch(/^unknown +brake/m);
  });
});

describe("dlr doctor", () => {
  let emulator: Emulator;
  let vault: KeyVault;
  let trust: Readonly<Record<string, string>>;
  let mayRead = true;
  let certificate: Awaited<ReturnType<typeof createCertificate>>;

  beforeAll(async () => {
    emulator = await startEmulator();
    certificate = await createCertificate();
    vault = await startKeyVault({ certificate, rightsOf: () => (mayRead ? VAULT_ROLES.escrowWriter : ["setSecret"]) });
    await writeFile(path.join(clone, "ca.pem"), vault.caCertificate);
    trust = { NODE_EXTRA_CA_CERTS: path.join(clone, "ca.pem") };
    const args = ["work", "--escrow", vault.url, "--ledger", "file:work-ledger", "--graph-endpoint", emulator.url];
    expect(await dlr("init", args, trust)).toMatchObject({ code: 0, stdout: expect.stringContaining("everything is there") });
  });

  afterAll(async () => {
    await emulator?.close();
    await vault?.close();
  });

  test("sees that everything is there, and changes nothing", async () => {
    const listed = async () => [await readdir(clone), await readFile(path.join(clone, "work-ledger/ledger.jsonl"), "utf8")];
    const before = await listed();
    const calls = emulator.requests.length;

    const { code, not } = await doctor("work", trust);

    expect(code).toBe(0);
    expect(not("ok")).toEqual([]);
    expect(await listed()).toEqual(before);
    expect(emulator.requests.slice(calls).map(({ method, kind }) => `${method} ${kind}`)).toEqual(["GET list"]);
    expect(vault.secrets.size).toBe(0);
  });

  test("takes the stack by --stack too, and refuses two", async () => {
    expect((await dlr("doctor", ["--stack", "work"], trust)).code).toBe(0);
    expect((await dlr("doctor", ["work", "--stack", "prod"], trust)).code).toBe(2);
  });

  test("calls unknown what a vault does not show", async () => {
    mayRead = false;
    const { code, row, not } = await doctor("work", trust);
    mayRead = true;

    expect(code).toBe(3);
    expect(not("ok").map(({ what }) => what)).toEqual(["escrow"]);
    expect(row("escrow")).toMatchObject({ state: "unknown", text: expect.stringMatching(/403 ForbiddenByRbac/) });
  });

  test("calls unknown what does not answer", async () => {
    const nowhere = `http://127.0.0.1:${await closedPort()}`;
    await dlr("pulumi", ["config", "set", "graphEndpoint", nowhere, "--stack", "work"]);

    const { code, row } = await doctor("work");

    await dlr("pulumi", ["config", "set", "graphEndpoint", emulator.url, "--stack", "work"]);
    expect(code).toBe(3);
    expect(row("Graph")).toMatchObject({ state: "unknown", next: expect.stringContaining("emulator") });
    expect(row("clock")).toMatchObject({ state: "unknown" });
    // Its certificate is not trusted here.
    expect(row("escrow")).toMatchObject({ state: "unknown" });
  });

  test("tells a brake, and wrong settings with what is meant", async () => {
    await dlr("stop", ["work", "stolen list"]);
    const stopped = await doctor("work", trust);
    await dlr("resume", ["work"]);
    await dlr("pulumi", ["config", "set", "maxDestructve", "3", "--stack", "work"]);
    const misspelt = await doctor("work", trust);
    await dlr("pulumi", ["config", "rm", "maxDestructve", "--stack", "work"]);

    expect(stopped.code).toBe(2);
    expect(stopped.row("brake")).toMatchObject({
      state: "missing",
      text: expect.stringContaining("stolen list"),
      next: "./dlr resume work",
    });
    expect(misspelt.code).toBe(2);
    expect(misspelt.row("settings")).toMatchObject({ state: "missing", text: expect.stringContaining('did you mean "maxDestructive"?') });
    expect(misspelt.row("ledger")).toMatchObject({ state: "unknown" });
  });

  test("tells which permission the requests need, and whose tenant it is", async () => {
    const clientId = "aaaaaaaa-0000-4000-8000-000000000001";
    const entra = await startEntra({ certificate, applications: [{ clientId, secret: "of-nobody", roles: [READ] }] });
    try {
      const signedIn = {
        ...trust,
        AZURE_AUTHORITY_HOST: entra.url,
        AZURE_TENANT_ID: entra.tenantId,
        AZURE_CLIENT_ID: clientId,
        AZURE_CLIENT_SECRET: "of-nobody",
      };

      const lacking = await doctor("work", signedIn);
      const refused = await doctor("work", { ...signedIn, AZURE_CLIENT_SECRET: "wrong" });

      expect(lacking.code).toBe(2);
      expect(lacking.row("sign-in")).toMatchObject({
        state: "ok",
        text: expect.stringContaining(`an application of tenant ${entra.tenantId}`),
      });
      expect(lacking.row("permissions")).toMatchObject({ state: "missing", text: `remoteLock needs ${PRIVILEGED}` });
      expect(lacking.row("tenant")).toMatchObject({
        state: "missing",
        next: `./dlr pulumi config set tenant ${entra.tenantId} --stack work`,
      });
      expect(refused.row("sign-in")).toMatchObject({ state: "unknown", text: expect.stringContaining("AADSTS7000215") });
      expect(refused.row("Graph")).toMatchObject({ state: "unknown" });
      expect(JSON.stringify([...lacking.rows, ...refused.rows])).not.toContain("of-nobody");
    } finally {
      await entra.close();
    }
  });

  test("goes on where nothing is there", async () => {
    const none = await doctor("nope");
    const noCli = await doctor("work", { PATH: path.dirname(process.execPath), DEVICE_LIFECYCLE_CACHE: home });

    expect(none.code).toBe(2);
    expect(none.row("stack")).toMatchObject({ state: "missing", next: "./dlr init nope" });
    expect(noCli.code).toBe(2);
    expect(noCli.row("Pulumi CLI")).toMatchObject({ state: "missing", next: "./dlr pulumi version (gets one)" });
    expect(noCli.rows).toHaveLength(17);
    expect(await readdir(home)).not.toContain(expect.stringContaining("part"));
  });
});
