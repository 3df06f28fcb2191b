import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jest } from "@jest/globals";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { FileEscrow, type FileEscrowOptions } from "../../providers/escrow/file-escrow.ts";
import { openEscrowReader } from "../../providers/escrow/open-escrow-reader.ts";
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

/** A project's folder with an escrow in `escrow` for one reader, whose identity lies elsewhere. */
export async function escrowFolder() {
  const root = await temporaryFolder();
  const folder = join(root, "escrow");
  const { identity, recipient } = await newKeyPair();
  const identityFile = join(await temporaryFolder(), "reader.txt");
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(folder, "recipients.txt"), `# the reader\n${recipient}\n`);
  await writeFile(identityFile, `# a key\n${identity}\n`);
  return {
    root,
    folder,
    identityFile,
    recipient,
    open: (changes: Partial<FileEscrowOptions> = {}) =>
      new FileEscrow({ location: { kind: "file", folder, text: "escrow" }, root, isLoopbackGraph: false, uuid: randomUUID, ...changes }),
    reader: openEscrowReader({ root, identityFile, vaultSuffixes: SUFFIXES, credential: noCredential }),
    files: async () => (await readdir(folder)).sort(),
    entries: async () => (await readdir(folder)).filter((name) => name.endsWith(".age")),
    plainBytes: async () => {
      const names = await readdir(folder);
      return (await Promise.all(names.map((name) => readFile(join(folder, name), "latin1")))).join("\n") + names.join("\n");
    },
  };
}
