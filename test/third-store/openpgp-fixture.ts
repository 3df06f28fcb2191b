import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateKey } from "openpgp";
import { ESCROW_STORES } from "../../providers/escrow/escrow-stores.ts";
import { openEscrowReader } from "../../providers/escrow/open-escrow-reader.ts";
import { noCredential, SUFFIXES } from "../escrow/escrow-folder-fixture.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { OpenPgpEscrow, type OpenPgpEscrowOptions } from "./openpgp-escrow.ts";
import { openPgpStore } from "./openpgp-store.ts";

/** The list with one line more. */
export const THREE_STORES = [...ESCROW_STORES, openPgpStore];

const PASSPHRASE = "words that open Anna's key";

/** A project's folder with an escrow in `escrow` for one reader, whose key lies elsewhere. */
export async function openPgpFolder() {
  const root = await temporaryFolder();
  const folder = join(root, "escrow");
  const identityFile = join(await temporaryFolder(), "anna.asc");
  const { publicKey, privateKey } = await generateKey({ userIDs: [{ name: "Anna" }], passphrase: PASSPHRASE });
  await mkdir(join(folder, "readers"), { recursive: true, mode: 0o700 });
  await writeFile(join(folder, "readers", "anna.asc"), publicKey);
  await writeFile(identityFile, privateKey);
  const tools = { vaultSuffixes: SUFFIXES, credential: noCredential, environment: { OPENPGP_PASSPHRASE: PASSPHRASE } };
  return {
    root,
    folder,
    privateKey,
    open: (changes: Partial<OpenPgpEscrowOptions> = {}) =>
      new OpenPgpEscrow({ location: { folder, text: "escrow" }, root, uuid: randomUUID, ...changes }),
    reader: openEscrowReader({ root, identityFile, ...tools }, THREE_STORES),
    plainBytes: async () => {
      const names = (await readdir(folder)).filter((name) => name.endsWith(".asc"));
      return (await Promise.all(names.map((name) => readFile(join(folder, name), "latin1")))).join("\n") + names.join("\n");
    },
  };
}
