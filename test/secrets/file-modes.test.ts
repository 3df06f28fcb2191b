import { randomBytes, randomUUID } from "node:crypto";
import { chmod, lstat, mkdir, readdir, rename, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { makeCacheFolder } from "../../cli/pulumi/cache-folder.ts";
import { pulumiEnvironment } from "../../cli/pulumi/environment.ts";
import { EscrowError, LedgerError, ProductError, SignInError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { writeAuditLine } from "../../providers/escrow/audit-file.ts";
import { confirmWithIdentities, issueChallenge, readConfirmations } from "../../providers/escrow/file/confirmations.ts";
import { FileEscrow } from "../../providers/escrow/file/file-escrow.ts";
import { readIdentities } from "../../providers/escrow/file/identity-file.ts";
import { writeKeyPair } from "../../providers/escrow/file/key-pair.ts";
import { addRecipient } from "../../providers/escrow/file/recipients-list.ts";
import { readLogin, writeLogin } from "../../providers/identity/login-file.ts";
import { loginPlace } from "../../providers/identity/login-place.ts";
import { openLedger } from "../../providers/ledger/open-ledger.ts";
import { intent } from "../contract/sample-records.ts";
import { escrowFolder } from "../escrow/escrow-folder-fixture.ts";
import { type LedgerFolder, ledgerFolder } from "../ledger/ledger-folder-fixture.ts";
import { ENTRY, SECRET } from "../support/escrow-sample.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { testClock } from "../support/test-clock.ts";

const BINDING = { authority: "https://login.microsoftonline.com", tenant: "contoso.example", tenantId: "t-1", clientId: "c-1" };

/** Everything that the product writes and that is not for everybody. */
async function writeEverything(root: string): Promise<void> {
  await writeEscrow(root);
  await writeLedger(root);
  const place = loginPlace({ DEVICE_LIFECYCLE_LOGIN: path.join(root, "login") });
  await writeLogin(place, { binding: BINDING, username: "anna", signedInAt: "", cache: new Redacted("{}") }, randomBytes, true);
  pulumiEnvironment({ PULUMI_HOME: path.join(root, "nobody"), PATH: "" }, null, root);
  await makeCacheFolder(path.join(root, "caches", "device-lifecycle"));
}

async function writeEscrow(root: string): Promise<void> {
  const folder = path.join(root, "data", "escrow");
  const location = { kind: "file", folder, text: "file:data/escrow" } as const;
  const options = { location, root, isLoopbackGraph: true, uuid: randomUUID };
  await new FileEscrow(options).put(ENTRY, new Redacted(SECRET));
  const unreadable = new FileEscrow({ ...options, readBack: async () => Buffer.from("noise") });
  await unreadable.put(ENTRY, new Redacted(SECRET)).catch((error: unknown) => expect(error).toBeInstanceOf(EscrowError));
  const key = path.join(root, "reader.txt");
  const recipient = await writeKeyPair(key, "for tests");
  await addRecipient(recipient, "Anna", { folder, root, uuid: randomUUID });
  const who = { folder, who: "anna", at: "2026-11-20T12:00:00Z", uuid: randomUUID };
  await issueChallenge(recipient, who);
  await confirmWithIdentities([recipient], await readIdentities(key), who);
  await writeAuditLine(folder, root, { at: "", who: "anna", action: "reveal", reference: "", kind: "", device: "", requestKey: "" });
}

async function writeLedger(root: string): Promise<void> {
  const open = () => openLedger({ location: "file:data/ledger", root, isLoopbackGraph: true, clock: testClock(), uuid: randomUUID });
  const first = open();
  await first.append(intent("a#1"));
  await first.setBrake("stop", "anna", "why");
  await first.close();
  await writeFile(path.join(root, "data", "ledger", "ledger.jsonl"), '{"torn', { flag: "a" });
  const second = open();
  await second.append(intent("b#1"));
  await second.close();
}

/** Paths below a folder with their modes, files and folders apart. */
async function modesBelow(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const found = path.join(entry.parentPath, entry.name);
    const kind = entry.isDirectory() ? "folder" : "file";
    return `${kind} ${((await lstat(found)).mode & 0o7777).toString(8)} ${path.relative(root, found)}`;
  });
  return (await Promise.all(lines)).sort();
}

describe("what the product writes is for its user alone", () => {
  test.each([0o000, 0o022, 0o077])("under umask %o", async (mask) => {
    const root = await temporaryFolder();
    const before = process.umask(mask);
    try {
      await writeEverything(root);
    } finally {
      process.umask(before);
    }

    const modes = await modesBelow(root);

    expect(modes.filter((line) => !/^(file 600|folder 700) /.test(line))).toEqual([]);
    const names = modes.map((line) => line.split(/[ /]/).at(-1) ?? "");
    const kinds = ["recipients.txt", "emulator-identity.txt", "confirmed.json", "challenges.json", "audit.jsonl", "ledger.jsonl"];
    expect(names).toEqual(expect.arrayContaining([...kinds, "ledger.lock", "brake.jsonl", "login.key", "login.json", ".pulumi-state"]));
    expect(names.some((name) => name.endsWith(".age")) && names.some((name) => name.endsWith(".age.bad"))).toBe(true);
    expect(names.some((name) => name.startsWith("ledger.jsonl.torn-"))).toBe(true);
  });
});

type Spoil = (file: string) => Promise<void>;

const writable: Spoil = (file) => chmod(file, 0o666);
const linked: Spoil = async (file) => {
  const elsewhere = path.join(await temporaryFolder(), "elsewhere");
  await rename(file, elsewhere);
  await symlink(elsewhere, file);
};

async function refusalOf(work: Promise<unknown>): Promise<ProductError> {
  const error: unknown = await work.then(
    (value) => value,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProductError);
  return error as ProductError;
}

describe("what others could have written is refused", () => {
  test.each<[string, Spoil, RegExp]>([
    ["that everybody may write to", writable, /everybody may write to .*ledger\.jsonl/],
    ["behind a symbolic link", linked, /symbolic link/],
  ])("a ledger %s", async (_, spoil, message) => {
    const place = await ledgerFolder();
    await place.write([intent("a#1")]);
    await spoil(place.file);

    const uses = [() => place.open().read(), () => place.open().recordsOf("a#1"), () => place.open().append(intent("b#1"))];
    for (const use of uses) {
      const refusal = await refusalOf(use());

      expect(refusal).toBeInstanceOf(LedgerError);
      expect(refusal.message).toMatch(message);
      expect(refusal.hint).not.toBe("");
    }
  });

  test.each<[string, Spoil, RegExp]>([
    ["that everybody may write to", writable, /everybody may write to it.*counts as set/],
    ["behind a symbolic link", linked, /ELOOP.*counts as set/],
  ])("a brake %s counts as set", async (_, spoil, reason) => {
    const place = await brakeCleared();
    await spoil(path.join(place.folder, "brake.jsonl"));

    expect(await place.open().brake()).toMatch(reason);
  });

  test("a lock of a ledger behind a symbolic link", async () => {
    const place = await ledgerFolder();
    await place.write([intent("a#1")]);
    await linked(path.join(place.folder, "ledger.lock"));

    expect((await refusalOf(place.open().append(intent("b#1")))).message).toMatch(/symbolic link/);
  });

  test.each<[string, Spoil, RegExp]>([
    ["that everybody may write to", writable, /everybody may write to .*confirmed\.json/],
    ["behind a symbolic link", linked, /symbolic link/],
  ])("a list of confirmed readers %s", async (_, spoil, message) => {
    const place = await escrowFolder();
    const file = path.join(place.folder, "confirmed.json");
    await writeFile(file, "[]");
    await spoil(file);

    const refusal = await refusalOf(readConfirmations(place.folder));

    expect(refusal).toBeInstanceOf(EscrowError);
    expect(refusal.message).toMatch(message);
  });

  test("an entry of the escrow behind a symbolic link", async () => {
    const place = await escrowFolder();
    const { reference } = await place.open().put(ENTRY, new Redacted(SECRET));
    const [name = ""] = await place.entries();
    await linked(path.join(place.folder, name));

    expect((await refusalOf(place.reader.reveal(reference))).message).toMatch(/symbolic link/);
  });

  test("a folder for the sign-in that others may look into", async () => {
    const root = await temporaryFolder();
    const place = loginPlace({ DEVICE_LIFECYCLE_LOGIN: root });
    await mkdir(place.sealedFolder, { mode: 0o755 });

    const refusal = await refusalOf(readLogin(place));

    expect(refusal).toBeInstanceOf(SignInError);
    expect(refusal.message).toMatch(/other users have rights/);
  });
});

async function brakeCleared(): Promise<LedgerFolder> {
  const place = await ledgerFolder();
  await place.write([]);
  const ledger = place.open();
  await ledger.setBrake("resume", "anna", "");
  expect(await place.open().brake()).toBeNull();
  return place;
}
