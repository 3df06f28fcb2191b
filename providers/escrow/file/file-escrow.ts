import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { EscrowError } from "../../domain/errors.ts";
import type { EscrowEntry, EscrowStore, EscrowWatch, SecretLook } from "../../domain/ports.ts";
import type { Redacted } from "../../domain/redacted.ts";
import { syncFolder, writeNewFile } from "../../support/store-folder.ts";
import { escrowFailure } from "../escrow-failure.ts";
import { checkFolder, lstatOrNull, readRegularFile } from "../escrow-folder.ts";
import { newEntryId } from "../reference.ts";
import { type RevealedEntry, sameSecret } from "../revealed-entry.ts";
import { ensureEmulatorReader } from "./emulator-reader.ts";
import { type FolderLocation, fileReference } from "./folder-location.ts";
import { lookAtFile } from "./look-at-file.ts";
import { type Seal, sealFor, unsealEntry } from "./sealed-entry.ts";
import { usableRecipients } from "./usable-recipients.ts";

/** `root` is the project's folder: no part of the way from there to the escrow may be a link. */
export interface FileEscrowOptions {
  readonly location: FolderLocation;
  readonly root: string;
  /**
   * The Graph endpoint is an emulator on this machine: a folder without recipients gets a reader of
   * its own.
   */
  readonly isLoopbackGraph: boolean;
  readonly uuid: () => string;
  /** Another way to read back what was written: for tests of failing disks. */
  readonly readBack?: (path: string) => Promise<Uint8Array>;
}

interface Keys {
  readonly seal: Seal;
  /**
   * Lives in this process's memory only: it proves what was written, and nobody can read with it
   * later.
   */
  readonly proof: string;
}

/**
 * One age file per secret, never overwritten, readable by the folder's recipients and not by the
 * machine that writes.
 */
export class FileEscrow implements EscrowStore, EscrowWatch {
  readonly readBack = null;
  readonly #options: FileEscrowOptions;
  #keys: Promise<Keys> | null = null;

  constructor(options: FileEscrowOptions) {
    this.#options = options;
  }

  describe(): string {
    return `age-encrypted files in ${this.#options.location.folder}`;
  }

  async reach(): Promise<void> {
    await checkFolder(this.#options.location.folder, this.#options.root);
  }

  async put(entry: EscrowEntry, secret: Redacted<string>): Promise<{ readonly reference: string }> {
    const { location, root, uuid } = this.#options;
    const keys = await this.#prepared();
    if ((await checkFolder(location.folder, root)) === "missing") {
      throw new EscrowError(`the escrow folder ${location.folder} is gone`, { hint: "restore it, then run the command again" });
    }
    const sealed = await keys.seal(entry, secret);
    const id = newEntryId(uuid);
    const path = join(location.folder, `${id}.age`);
    await this.#write(path, sealed);
    await this.#prove(path, keys.proof, entry, secret);
    return { reference: fileReference(location.text, id) };
  }

  look(reference: string): Promise<SecretLook> {
    return lookAtFile(reference, this.#options);
  }

  /** A failed attempt is forgotten, so that the next call tries again. */
  #prepared(): Promise<Keys> {
    if (this.#keys !== null) return this.#keys;
    const keys = this.#prepare();
    this.#keys = keys;
    keys.catch(() => {
      this.#keys = null;
    });
    return keys;
  }

  async #prepare(): Promise<Keys> {
    const { location, root, isLoopbackGraph, uuid } = this.#options;
    if (isLoopbackGraph) await ensureEmulatorReader(location.folder, root, uuid);
    const { usable } = await usableRecipients(location.folder, root, isLoopbackGraph);
    const { generateX25519Identity, identityToRecipient } = await import("age-encryption");
    const proof = await generateX25519Identity();
    return { seal: await sealFor([...usable.map(({ key }) => key), await identityToRecipient(proof)]), proof };
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    const draft = `${path}.tmp`;
    try {
      await writeNewFile(draft, bytes);
      if ((await lstatOrNull(path)) !== null) throw new EscrowError(`${path} exists already: nothing is overwritten`);
      await rename(draft, path);
      await syncFolder(this.#options.location.folder);
    } catch (error) {
      await rm(draft, { force: true });
      throw escrowFailure(error, "write the escrow entry", path);
    }
  }

  /**
   * Reads what is on disk, opens it and compares. What is not right is kept aside: it may still be
   * of use to a recipient.
   */
  async #prove(path: string, proof: string, entry: EscrowEntry, secret: Redacted<string>): Promise<void> {
    const found = await this.#readEntry(path, proof);
    if (found !== null && sameSecret(found.secret, secret) && found.entry.requestKey === entry.requestKey) return;
    const aside = `${path}.bad`;
    try {
      await rename(path, aside);
      await syncFolder(this.#options.location.folder);
    } catch (error) {
      throw escrowFailure(error, "keep the unreadable escrow entry aside", path);
    }
    const hint = "check the disk, then run the command again: the secret is read anew";
    throw new EscrowError(`what was read back from the escrow is not what was put there; it is kept as ${aside}`, { hint });
  }

  async #readEntry(path: string, proof: string): Promise<RevealedEntry | null> {
    try {
      return await unsealEntry(await (this.#options.readBack ?? readRegularFile)(path), [proof]);
    } catch (error) {
      throw escrowFailure(error, "read back the escrow entry", path);
    }
  }
}
