import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { EscrowError } from "../../providers/domain/errors.ts";
import type { EscrowEntry, SecretLook } from "../../providers/domain/ports.ts";
import type { Redacted } from "../../providers/domain/redacted.ts";
import { escrowFailure } from "../../providers/escrow/escrow-failure.ts";
import type { OpenedEscrow } from "../../providers/escrow/open-escrow.ts";
import { newEntryId } from "../../providers/escrow/reference.ts";
import { sameSecret } from "../../providers/escrow/revealed-entry.ts";
import { syncFolder, writeNewFile } from "../../providers/support/store-folder.ts";
import { type OpenPgpLocation, referenceOf } from "./openpgp-location.ts";
import { seal, unseal } from "./openpgp-message.ts";
import { readReaders } from "./openpgp-readers.ts";

export interface OpenPgpEscrowOptions {
  readonly location: OpenPgpLocation;
  readonly root: string;
  readonly uuid: () => string;
  /** Another way to read back what was written: for tests of failing disks. */
  readonly readBack?: (path: string) => Promise<string>;
}

/** One OpenPGP message per secret, readable by the folder's readers and not by the writer. */
export class OpenPgpEscrow implements OpenedEscrow {
  readonly readBack = null;
  readonly #options: OpenPgpEscrowOptions;

  constructor(options: OpenPgpEscrowOptions) {
    this.#options = options;
  }

  describe(): string {
    return `OpenPGP messages in ${this.#options.location.folder}`;
  }

  async reach(): Promise<void> {
    await readReaders(this.#options.location.folder, this.#options.root);
  }

  /** This store does not tell: a run says so, and takes nothing for deleted. */
  async look(): Promise<SecretLook> {
    return { kind: "unseen", why: "OpenPGP messages are not looked at" };
  }

  async put(entry: EscrowEntry, secret: Redacted<string>): Promise<{ readonly reference: string }> {
    const { location, root, uuid } = this.#options;
    const { armored, proof } = await seal(entry, secret, await readReaders(location.folder, root));
    const id = newEntryId(uuid);
    const path = join(location.folder, `${id}.asc`);
    const found = await unseal(await this.#store(path, armored), { proof });
    if (found !== null && sameSecret(found.secret, secret)) return { reference: referenceOf(location, id) };
    const hint = "check the disk, then run the command again: the secret is read anew";
    throw new EscrowError(`what was read back from ${path} is not what was put there`, { hint });
  }

  /** Durable when it returns; gives what is on disk then. */
  async #store(path: string, armored: string): Promise<string> {
    const { location, readBack = (file) => readFile(file, "utf8") } = this.#options;
    try {
      await writeNewFile(`${path}.tmp`, Buffer.from(armored));
      await rename(`${path}.tmp`, path);
      await syncFolder(location.folder);
      return await readBack(path);
    } catch (error) {
      throw escrowFailure(error, "write the escrow entry", path);
    }
  }
}
