import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { writeAuditLine } from "../../providers/escrow/audit-file.ts";
import { escrowedAt } from "../../providers/escrow/escrow-stores.ts";
import { emulatorIdentityPath } from "../../providers/escrow/file/emulator-reader.ts";
import { isCi } from "../../providers/support/ci.ts";
import { systemClock, timestamp } from "../../providers/support/system-clock.ts";
import { allRecords } from "../support/all-records.ts";
import { commandWriter } from "../support/command-writer.ts";
import { knownRequests } from "../support/known-requests.ts";
import { openLedgerOf, openReader } from "../support/open-stores.ts";
import { operator } from "../support/operator.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import { identityFile } from "../support/reader-key.ts";
import type { StoreOptions } from "../support/store-locations.ts";
import { wordsOf } from "../support/words-of.ts";
import { findSecret, isReference } from "./find-reference.ts";
import { renderEntry } from "./render-entry.ts";

const root = PROJECT_FOLDER;

interface Flags extends StoreOptions {
  readonly identity?: string;
  readonly audit?: string;
}

/** The audit line is durable before the secret is shown. */
export async function reveal(said: readonly string[], told: Flags): Promise<void> {
  if (isCi(process.env)) {
    const hint = "run it on the machine of the person who may read the secret; CI=false says that this is one";
    throw new ConfigurationError("secrets are not shown in CI: what a build prints, its log keeps", { hint });
  }
  const { options: flags, words } = await wordsOf("reveal", said, { needed: 1, most: 1 }, told);
  const { reference: text, operatingSystem } = await referenceOf(words[0] ?? "", flags);
  const { auditFolder } = escrowedAt(text, root);
  const identity = readerOf(auditFolder, flags);
  const reader = openReader(identity === null ? null : resolve(root, identity), root, process.env);
  const { entry, secret } = await reader.reveal(text);
  await writeAuditLine(resolve(root, flags.audit ?? auditFolder ?? "escrow"), root, {
    at: timestamp(systemClock),
    who: operator(),
    action: "reveal",
    reference: text,
    kind: entry.kind,
    device: entry.device.id,
    requestKey: entry.requestKey,
  });
  for (const line of renderEntry(entry, systemClock.now(), operatingSystem)) console.error(line);
  process.stdout.write(`${secret.reveal()}\n`);
}

interface Meant {
  readonly reference: string;
  /** Null where only a reference is known. */
  readonly operatingSystem: string | null;
}

/** A reference stands for itself; what else is named is looked up in the ledger. */
async function referenceOf(asked: string, flags: Flags): Promise<Meant> {
  if (isReference(asked)) return { reference: asked, operatingSystem: null };
  const ledger = await openLedgerOf(flags, root);
  const { record, operatingSystem } = findSecret(asked, knownRequests(await allRecords(ledger)), commandWriter({}));
  return { reference: record.reference, operatingSystem };
}

/**
 * The emulator's own reader goes before a person's key: what is in its folder is of no real
 * device.
 */
function readerOf(folder: string | null, { identity }: Flags): string | null {
  const isEmulators = folder !== null && existsSync(emulatorIdentityPath(folder));
  if (isEmulators && identity === undefined && process.env.DEVICE_LIFECYCLE_IDENTITY === undefined) return null;
  return identityFile(identity, process.env);
}
