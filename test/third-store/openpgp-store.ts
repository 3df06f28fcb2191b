import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ConfigurationError, EscrowError } from "../../providers/domain/errors.ts";
import { escrowFailure } from "../../providers/escrow/escrow-failure.ts";
import type { EscrowPlace, EscrowStoreKind, ReaderTools } from "../../providers/escrow/escrow-store.ts";
import type { RevealedEntry } from "../../providers/escrow/revealed-entry.ts";
import { OpenPgpEscrow } from "./openpgp-escrow.ts";
import { type OpenPgpLocation, parseLocation, parseReference, readersFolder, SCHEME } from "./openpgp-location.ts";
import { unseal } from "./openpgp-message.ts";
import { readOwnKey, readReaders } from "./openpgp-readers.ts";

/** OpenPGP messages in a folder, for readers who have their keys in GnuPG or on a card. */
export const openPgpStore: EscrowStoreKind = {
  form: "openpgp:FOLDER",
  claims: (text) => text.startsWith(SCHEME),
  shown: (location) => location,
  at: (location, { root }, supported) => placeOf(parseLocation(location, root, supported), root),
  entryAt: (reference, root) => {
    const { folder, path } = parseReference(reference, root);
    return { auditFolder: folder, reveal: (tools) => reveal(path, tools) };
  },
};

function placeOf(location: OpenPgpLocation, root: string): EscrowPlace {
  const { folder } = location;
  return {
    isOfOneMachine: true,
    auditFolder: location.folder,
    open: ({ uuid }) => new OpenPgpEscrow({ location, root, uuid }),
    check: async () => {
      await readReaders(folder, root);
      return [];
    },
    describeReaders: async () => {
      const prints = (await readReaders(folder, root).catch(nobody)).map((key) => key.getFingerprint()).sort();
      return prints.length === 0 ? "nobody" : `${prints.length} OpenPGP keys, SHA-256 ${hash("sha256", prints.join("\n")).slice(0, 32)}`;
    },
    recipientsFolder: () => {
      throw new ConfigurationError(`${folder} has no recipients of age: it has the readers in ${readersFolder(folder)}`, {
        hint: "put the public key of a person who may read there, as an .asc file",
      });
    },
  };
}

function nobody(error: unknown): readonly [] {
  if (error instanceof EscrowError) return [];
  throw error;
}

async function reveal(path: string, { identityFile, environment }: ReaderTools): Promise<RevealedEntry> {
  if (identityFile === null) throw new ConfigurationError("nothing to read with", { hint: "say --identity FILE, with your secret key" });
  const reader = await readOwnKey(identityFile, environment?.OPENPGP_PASSPHRASE);
  const armored = await readFile(path, "utf8").catch((error: unknown) => {
    throw escrowFailure(error, "read the escrow entry", path);
  });
  const found = await unseal(armored, { reader });
  if (found !== null) return found;
  throw new EscrowError(`${path} cannot be opened with ${identityFile}: it was encrypted to others, or it is damaged`, {
    hint: "give the key of one of the readers of that time with --identity FILE",
  });
}
