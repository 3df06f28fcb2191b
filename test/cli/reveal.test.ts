import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { startKeyVault } from "../../emulator/key-vault/key-vault.ts";
import { deviceFacts } from "../../providers/domain/managed-device.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { newKeyPair, noCredential, SUFFIXES, writeRecipients } from "../escrow/escrow-folder-fixture.ts";
import { ENTRY, SECRET } from "../support/escrow-sample.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { begun, escrowed as escrowedRecord } from "../support/fakes-records.ts";
import { openEscrow } from "../support/open-escrow.ts";
import { filesWith } from "../support/secrets.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { testClock } from "../support/test-clock.ts";
import { ledgerPlace, run, STACK_TRACE } from "./store-commands.ts";

async function escrowed(entry = ENTRY) {
  const root = await temporaryFolder();
  const folder = join(root, "escrow");
  const identityFile = join(await temporaryFolder(), "reader.txt");
  const { identity, recipient } = await newKeyPair();
  await mkdir(folder, { mode: 0o700 });
  await writeRecipients(folder, recipient);
  await writeFile(identityFile, `${identity}\n`);
  const options = { location: `file:${folder}`, root, isLoopbackGraph: false, vaultSuffixes: SUFFIXES };
  const store = openEscrow({ ...options, credential: noCredential, clock: testClock(), uuid: randomUUID });
  const { reference } = await store.put(entry, new Redacted(SECRET));
  return { folder, identityFile, reference, audit: join(folder, "audit.jsonl") };
}

describe("dlr reveal", () => {
  test("prints the secret alone on stdout, and on stderr what it is of, its age and how to use it", async () => {
    const { reference, identityFile } = await escrowed();

    const ended = await run("reveal", [reference, "--identity", identityFile]);

    expect(ended.code).toBe(0);
    expect(ended.stdout).toBe(`${SECRET}\n`);
    expect(ended.stderr).not.toContain(SECRET);
    for (const part of [
      "Anna’s iPad",
      "DMPXK2ABCDEF",
      "leeds-leaver-0042#1",
      ENTRY.capturedAt,
      "ago",
      "leave the Apple ID empty",
      "as the password",
    ]) {
      expect(ended.stderr).toContain(part);
    }
  });

  test("leaves a line of who, when and which, for its owner's eyes and without the secret", async () => {
    const { folder, reference, identityFile, audit } = await escrowed();

    await run("reveal", [reference], { DEVICE_LIFECYCLE_IDENTITY: identityFile });
    await run("reveal", [reference], { DEVICE_LIFECYCLE_IDENTITY: identityFile });

    const lines = (await readFile(audit, "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      Array(2).fill({
        at: expect.stringMatching(/^20\d\d-.*Z$/),
        who: expect.stringMatching(/.+@.+/),
        action: "reveal",
        reference,
        kind: "activationLockBypassCode",
        device: ENTRY.device.id,
        requestKey: ENTRY.requestKey,
      }),
    );
    expect((await stat(audit)).mode & 0o777).toBe(0o600);
    expect(await filesWith(folder, [SECRET])).toEqual([]);
  });

  test("shows nothing when it cannot leave that line", async () => {
    const { reference, identityFile, audit } = await escrowed();
    await mkdir(audit);

    const ended = await run("reveal", [reference, "--identity", identityFile]);

    expect(ended.code).toBe(3);
    expect(ended.stdout).toBe("");
    expect(ended.stderr).toMatch(/audit/);
    expect(ended.stderr).not.toMatch(STACK_TRACE);
  });

  test("refuses in CI", async () => {
    const { reference, identityFile, audit } = await escrowed();

    const ended = await run("reveal", [reference, "--identity", identityFile], { CI: "true" });

    expect(ended.code).toBe(2);
    expect(ended.stdout).toBe("");
    expect(ended.stderr).toMatch(/secrets are not shown in CI/);
    await expect(stat(audit)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("tells another identity, a missing one, and one that is none apart", async () => {
    const { folder, reference, identityFile } = await escrowed();
    const other = `${identityFile}.other`;
    await writeFile(other, (await newKeyPair()).identity);

    const [foreign, missing, none, byDefault] = await Promise.all([
      run("reveal", [reference, "--identity", other]),
      run("reveal", [reference, "--identity", `${identityFile}.missing`]),
      run("reveal", [reference, "--identity", join(folder, "recipients.txt")]),
      run("reveal", [reference]),
    ]);

    expect([foreign, missing, none, byDefault].map((ended) => [ended.code, ended.stdout])).toEqual(Array(4).fill([3, ""]));
    expect(foreign.stderr).toMatch(/encrypted to others/);
    expect(missing.stderr).toMatch(/identity file .*does not exist/);
    expect(none.stderr).toMatch(/holds no identity/);
    expect(byDefault.stderr).toMatch(/emulator-identity\.txt: it does not exist/);
  });

  test("tells a damaged entry and a lost one", async () => {
    const { reference, identityFile } = await escrowed();
    const path = reference.slice("file:".length);
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, -1));
    const damaged = await run("reveal", [reference, "--identity", identityFile]);
    await rm(path);
    const lost = await run("reveal", [reference, "--identity", identityFile]);

    expect([damaged.code, damaged.stdout]).toEqual([3, ""]);
    expect(damaged.stderr).toMatch(/damaged/);
    expect([lost.code, lost.stdout]).toEqual([3, ""]);
    expect(lost.stderr).toMatch(/does not exist/);
  });

  test("keeps what a device's name wants to do to the terminal from doing it", async () => {
    const { reference, identityFile } = await escrowed({ ...ENTRY, deviceName: "\u001b[2Jiphone\nfake: line" });

    const ended = await run("reveal", [reference, "--identity", identityFile]);

    expect(ended.stderr).toContain("\\u{1b}[2Jiphone\\u{a}fake");
  });

  test.each(["", "bypass", "file:../../etc/passwd", "https://evil.example/secrets/dl-1/2", "https://v.vault.azure.net/secrets/a"])(
    "is told that %j is no reference",
    async (text) => {
      const ended = await run("reveal", [text]);

      expect(ended.code).toBe(2);
      expect(ended.stderr).toMatch(/help:/);
      expect(ended.stderr).not.toMatch(STACK_TRACE);
    },
  );

  test("keeps the line of who was shown it where --audit says, and not beside the secret", async () => {
    const { reference, identityFile, folder } = await escrowed();
    const elsewhere = join(await temporaryFolder(), "audit");

    const ended = await run("reveal", [reference, "--identity", identityFile, "--audit", elsewhere]);

    expect(ended.code).toBe(0);
    expect(await readFile(join(elsewhere, "audit.jsonl"), "utf8")).toContain(reference);
    await expect(stat(join(folder, "audit.jsonl"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("reads a Key Vault on this machine, without a credential of the organisation's", async () => {
    const vault = await startKeyVault({ tokens: ["loopback", "writer"] });
    const trust = join(await temporaryFolder(), "ca.pem");
    await writeFile(trust, vault.caCertificate);
    const options = { location: vault.url, root: "/", isLoopbackGraph: true, vaultSuffixes: SUFFIXES, caCertificate: vault.caCertificate };
    const credential = async () => ({ getToken: async () => ({ token: "writer", expiresOnTimestamp: Date.now() + 60_000 }) });
    const store = openEscrow({ ...options, credential, clock: testClock(), uuid: randomUUID });
    const { reference } = await store.put(ENTRY, new Redacted(SECRET));

    const audit = await temporaryFolder();

    const ended = await run("reveal", [reference, "--audit", audit], { NODE_EXTRA_CA_CERTS: trust });
    const missing = await run("reveal", [`${reference}0`, "--audit", audit], { NODE_EXTRA_CA_CERTS: trust });

    expect([ended.code, ended.stdout]).toEqual([0, `${SECRET}\n`]);
    expect(ended.stderr).toContain("DMPXK2ABCDEF");
    expect([missing.code, missing.stdout]).toEqual([3, ""]);
    expect(missing.stderr).toMatch(/404 SecretNotFound/);
    expect((await readFile(join(audit, "audit.jsonl"), "utf8")).trimEnd().split("\n")).toHaveLength(1);
    await vault.close();
  });
});

describe("dlr reveal, of what is named in another way", () => {
  /** A ledger that knows the entry, of a device with a system, and perhaps an older one. */
  async function known(operatingSystem = "iPadOS", older: readonly string[] = []) {
    const { reference, identityFile, folder } = await escrowed();
    const ledger = await ledgerPlace();
    const device = { ...ENTRY.device };
    const facts = deviceFacts({ ...IPAD, operatingSystem });
    await ledger.write([
      begun(undefined, { device: facts }),
      ...older.map((other) => escrowedRecord(0, { reference: other, device, at: "2026-11-01T12:00:00.000Z" })),
      escrowedRecord(0, { reference, device }),
      escrowedRecord(0, { reference: "file:other/0.age", key: "summer/A#1", device: { ...device, id: "other-1", serialNumber: "S1" } }),
      escrowedRecord(0, { reference: "file:other/1.age", key: "summer/B#1", device: { ...device, id: "other-2", serialNumber: "S2" } }),
    ]);
    const reveal = (what: string) => run("reveal", [what, "--identity", identityFile, "--ledger", ledger.place]);
    return { reveal, reference, folder, identityFile };
  }

  test.each([["leeds-leaver-0042"], ["leeds-leaver-0042#1"], [ENTRY.device.id], [String(ENTRY.device.serialNumber).toLowerCase()]])(
    "%s: the newest code of it",
    async (what) => {
      const { reveal } = await known("iPadOS", ["file:older/0.age"]);

      const ended = await reveal(what);

      expect(ended).toMatchObject({ code: 0, stdout: `${SECRET}\n` });
      expect(ended.stderr).toContain("leave the Apple ID empty");
      expect(ended.stderr).not.toContain("Recovery Assistant");
    },
  );

  test("of a Mac says how a Mac takes the code", async () => {
    const { reveal } = await known("macOS");

    const { stderr } = await reveal("leeds-leaver-0042");

    expect(stderr).toContain("Recovery Assistant choose Activate with MDM key");
    expect(stderr).not.toContain("leave the Apple ID empty");
  });

  test("several are listed with their commands, and none is shown", async () => {
    const { reveal } = await known();

    const ended = await reveal("summer");

    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(
      /2 secrets are meant by "summer":\n {2}\.\/dlr reveal file:other\/0\.age {3}activationLockBypassCode, serial S1/,
    );
  });

  test("what nobody knows is told, with the name that was meant", async () => {
    const { reveal } = await known();

    const ended = await reveal("leeds-leaver-0043");

    expect(ended).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/knows no request, serial number or device "leeds-leaver-0043" \(did you mean "leeds-leaver-0042"\?\)/),
    });
  });

  test("finds the key where keygen puts it", async () => {
    const home = await temporaryFolder();
    const made = await run("recipients", ["keygen"], { HOME: home, XDG_CONFIG_HOME: join(home, ".config") });
    const { reference, identityFile } = await escrowed();
    const key = /the secret half is in (\S+):/.exec(made.stderr)?.[1] ?? "";

    const foreign = await run("reveal", [reference], { HOME: home, XDG_CONFIG_HOME: join(home, ".config") });
    await writeFile(key, await readFile(identityFile));
    const own = await run("reveal", [reference], { HOME: home, XDG_CONFIG_HOME: join(home, ".config") });

    expect(made.code).toBe(0);
    expect(key.startsWith(home)).toBe(true);
    expect(foreign.stderr).toContain(`cannot be opened with ${key}`);
    expect(own).toMatchObject({ code: 0, stdout: `${SECRET}\n` });
  });
});
