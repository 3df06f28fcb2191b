import { resolve } from "node:path";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { writeAuditLine } from "../../providers/escrow/audit-file.ts";
import { escrowedAt } from "../../providers/escrow/escrow-stores.ts";
import { isCi } from "../../providers/support/ci.ts";
import { openReader } from "../support/open-stores.ts";
import { operator } from "../support/operator.ts";
import { PROJECT_FOLDER } from "../support/project-folder.ts";
import { systemClock, timestamp } from "../support/system-clock.ts";
import { renderEntry } from "./render-entry.ts";

const root = PROJECT_FOLDER;

/** The audit line is durable before the secret is shown. */
export async function reveal(text: string, flags: { readonly identity?: string; readonly audit?: string }): Promise<void> {
  if (isCi(process.env)) {
    const hint = "run it on the machine of the person who may read the secret; CI=false says that this is one";
    throw new ConfigurationError("secrets are not shown in CI: what a build prints, its log keeps", { hint });
  }
  const { auditFolder } = escrowedAt(text, root);
  const identity = flags.identity ?? process.env.DEVICE_LIFECYCLE_IDENTITY ?? null;
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
  for (const line of renderEntry(entry, systemClock.now())) console.error(line);
  process.stdout.write(`${secret.reveal()}\n`);
}
