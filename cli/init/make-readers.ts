import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { confirmWithIdentities } from "../../providers/escrow/file/confirmations.ts";
import { readIdentities, recipientsOf } from "../../providers/escrow/file/identity-file.ts";
import { writeKeyPair } from "../../providers/escrow/file/key-pair.ts";
import { addRecipient } from "../../providers/escrow/file/recipients-list.ts";
import { systemClock, timestamp } from "../../providers/support/system-clock.ts";
import { operator } from "../support/operator.ts";

/** A folder of the escrow, and where lines for people go. */
export interface ReadersWork {
  readonly folder: string;
  readonly root: string;
  readonly say: (line: string) => void;
}

/** Lets people read by their public keys; who is listed stays. Throws `ConfigurationError`. */
export async function addReaders(keys: readonly string[], { folder, root, say }: ReadersWork): Promise<void> {
  for (const key of keys) {
    const comment = `added (${operator()}, ${timestamp(systemClock).slice(0, 10)})`;
    const isNew = await addRecipient(key, comment, { folder, root, uuid: randomUUID });
    say(isNew ? `${key} may read; it counts once its holder has proven it` : `${key} is listed already`);
  }
}

/**
 * Makes a key for whoever types this, lets it read, and proves it. A key that is there already is
 * taken: none is ever written over.
 */
export async function makeOwnReader(file: string, work: ReadersWork): Promise<void> {
  const at = timestamp(systemClock);
  if (!existsSync(file)) {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeKeyPair(file, `made ${at}; whoever has this file can read`);
    work.say(`made a key in ${file}: keep it safe, back it up, never commit it`);
  }
  const identities = await readIdentities(file);
  const keys = await recipientsOf(identities);
  await addReaders(keys, work);
  await confirmWithIdentities(keys, identities, { folder: work.folder, uuid: randomUUID, who: operator(), at });
  work.say(`proven: ${keys.join(", ")}`);
}
