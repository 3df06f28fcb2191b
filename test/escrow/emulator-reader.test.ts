import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { Redacted } from "../../providers/domain/redacted.ts";
import { escrowPlaceAt } from "../../providers/escrow/escrow-stores.ts";
import { openEscrowReader } from "../../providers/escrow/open-escrow-reader.ts";
import { ENTRY, SECRET } from "../support/escrow-sample.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { escrowFolder, noCredential, SUFFIXES } from "./escrow-folder-fixture.ts";

const SCRIPT = fileURLToPath(new URL("put-one.ts", import.meta.url));

async function putInProcess(root: string, graph: "loopback" | "real"): Promise<string> {
  const child = spawn(process.execPath, [SCRIPT, root, graph], { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return said;
}

const readerOf = (root: string) => openEscrowReader({ root, identityFile: null, vaultSuffixes: SUFFIXES, credential: noCredential });

test("against an emulator a new folder gets a reader of its own, for its owner's eyes", async () => {
  const root = await temporaryFolder();
  await escrowPlaceAt("file:escrow", { root, isLoopbackGraph: true, vaultSuffixes: SUFFIXES }).check();

  const reference = await putInProcess(root, "loopback");

  expect((await readerOf(root).reveal(reference)).secret.reveal()).toBe(SECRET);
  expect((await stat(join(root, "escrow"))).mode & 0o777).toBe(0o700);
  for (const name of ["emulator-identity.txt", "recipients.txt"]) {
    const path = join(root, "escrow", name);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, "utf8")).toMatch(/^# for the emulator only/);
  }
});

test("processes that begin at once end with one reader, who can read all of them", async () => {
  const root = await temporaryFolder();

  const references = await Promise.all(Array.from({ length: 4 }, () => putInProcess(root, "loopback")));

  const found = await Promise.all(references.map((reference) => readerOf(root).reveal(reference)));
  expect(found.map((one) => one.secret.reveal())).toEqual([SECRET, SECRET, SECRET, SECRET]);
  expect((await readFile(join(root, "escrow", "recipients.txt"), "utf8")).match(/^age1/gm)).toHaveLength(1);
});

test("nothing real is encrypted to the emulator's reader", async () => {
  const root = await temporaryFolder();
  await putInProcess(root, "loopback");

  expect(await putInProcess(root, "real")).toMatch(/^ESCROW the identity of recipient age1.* lies beside the escrow/);
  await expect(escrowPlaceAt("file:escrow", { root, isLoopbackGraph: false, vaultSuffixes: SUFFIXES }).check()).rejects.toThrow(
    /lies beside the escrow/,
  );
});

test("a list that names a reader already is used as it is", async () => {
  const place = await escrowFolder();

  const { reference } = await place.open({ isLoopbackGraph: true }).put(ENTRY, new Redacted(SECRET));

  expect((await place.reader.reveal(reference)).secret.reveal()).toBe(SECRET);
  expect(await place.files()).not.toContain("emulator-identity.txt");
});

test("comments of a list without a reader are kept", async () => {
  const place = await escrowFolder();
  await writeFile(join(place.folder, "recipients.txt"), "# ask Anna before adding anybody");

  const { reference } = await place.open({ isLoopbackGraph: true }).put(ENTRY, new Redacted(SECRET));

  expect(await readFile(join(place.folder, "recipients.txt"), "utf8")).toMatch(/^# ask Anna before adding anybody\n# for the emulator/);
  expect((await readerOf(place.root).reveal(reference)).secret.reveal()).toBe(SECRET);
});
