import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PrivateKey, PublicKey } from "openpgp";
import { EscrowError } from "../../providers/domain/errors.ts";
import { escrowFailure } from "../../providers/escrow/escrow-failure.ts";
import { checkFolder } from "../../providers/escrow/escrow-folder.ts";
import { readersFolder } from "./openpgp-location.ts";

/** Throws `EscrowError` where nobody could read what is put there. */
export async function readReaders(folder: string, root: string): Promise<readonly PublicKey[]> {
  const readers = readersFolder(folder);
  const hint = `put the public key of a person who may read into ${readers} (gpg --export --armor NAME > NAME.asc)`;
  if ((await checkFolder(readers, root)) === "missing") throw new EscrowError(`there is no folder ${readers}`, { hint });
  const names = (await readdir(readers)).filter((name) => name.endsWith(".asc")).sort();
  if (names.length === 0) throw new EscrowError(`nobody can read what is escrowed in ${folder}: it has no readers`, { hint });
  return Promise.all(names.map((name) => readReader(join(readers, name), hint)));
}

async function readReader(path: string, hint: string): Promise<PublicKey> {
  const { readKey } = await import("openpgp");
  try {
    const key = await readKey({ armoredKey: await readFile(path, "utf8") });
    if (!key.isPrivate()) return key;
  } catch (error) {
    throw escrowFailure(error, "read the reader's key", path);
  }
  throw new EscrowError(`${path} is a secret key, and lies beside what it opens`, { hint });
}

/** The reader's own key. Throws `EscrowError` for one that cannot be used. */
export async function readOwnKey(path: string, passphrase: string | undefined): Promise<PrivateKey> {
  const { decryptKey, readPrivateKey } = await import("openpgp");
  try {
    const privateKey = await readPrivateKey({ armoredKey: await readFile(path, "utf8") });
    return privateKey.isDecrypted() ? privateKey : await decryptKey({ privateKey, passphrase: passphrase ?? "" });
  } catch (error) {
    throw escrowFailure(error, "use the secret key", path);
  }
}
