import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, jest } from "@jest/globals";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { EscrowError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { escrowPlaceAt } from "../../providers/escrow/escrow-stores.ts";
import { FileEscrow, type FileEscrowOptions } from "../../providers/escrow/file/file-escrow.ts";
import { openEscrowReader } from "../../providers/escrow/open-escrow-reader.ts";
import { ENTRY, SECRET } from "../support/escrow-sample.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Many files and processes, on a machine that does other things too. */
jest.setTimeout(60_000);

export const SUFFIXES = ["vault.azure.net"];

export const noCredential = async (): Promise<never> => {
  throw new Error("a folder needs no credential");
};

export async function newKeyPair() {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** Lists recipients and counts them as proven, without the trouble of a challenge. */
export async function writeRecipients(folder: string, ...recipients: readonly string[]): Promise<void> {
  const proofs = recipients.map((recipient) => ({ recipient, at: "2026-11-20T12:00:00.000Z", who: "anna@laptop" }));
  await writeFile(join(folder, "recipients.txt"), recipients.map((recipient) => `# a reader\n${recipient}\n`).join(""));
  await writeFile(join(folder, "confirmed.json"), JSON.stringify(proofs));
}

/** A project's folder with an escrow in `escrow` for one reader, whose identity lies elsewhere. */
export async function escrowFolder() {
  const root = await temporaryFolder();
  const folder = join(root, "escrow");
  const { identity, recipient } = await newKeyPair();
  const identityFile = join(await temporaryFolder(), "reader.txt");
  await mkdir(folder, { mode: 0o700 });
  await writeRecipients(folder, recipient);
  await writeFile(identityFile, `# a key\n${identity}\n`);
  return {
    root,
    folder,
    identityFile,
    recipient,
    open: (changes: Partial<FileEscrowOptions> = {}) =>
      new FileEscrow({ location: { folder, text: "escrow" }, root, isLoopbackGraph: false, uuid: randomUUID, ...changes }),
    reader: openEscrowReader({ root, identityFile, vaultSuffixes: SUFFIXES, credential: noCredential }),
    files: async () => (await readdir(folder)).sort(),
    entries: async () => (await readdir(folder)).filter((name) => name.endsWith(".age")),
    plainBytes: async () => {
      const names = await readdir(folder);
      return (await Promise.all(names.map((name) => readFile(join(folder, name), "latin1")))).join("\n") + names.join("\n");
    },
  };
}

export type Place = Awaited<ReturnType<typeof escrowFolder>>;

/** Neither a check nor a put gets through, and the hint says what to type. */
export async function expectUnusable(place: Place, text: RegExp, hint: RegExp = /./): Promise<void> {
  const check = () => escrowPlaceAt("file:escrow", { root: place.root, isLoopbackGraph: false, vaultSuffixes: SUFFIXES }).check();
  for (const attempt of [check, () => place.open().put(ENTRY, new Redacted(SECRET))]) {
    const error: unknown = await attempt().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EscrowError);
    expect((error as EscrowError).message).toMatch(text);
    expect((error as EscrowError).hint).toMatch(hint);
  }
}
