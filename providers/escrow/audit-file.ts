import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "../support/store-folder.ts";
import { escrowFailure } from "./escrow-failure.ts";
import { checkFolder, makeFolder } from "./escrow-folder.ts";

/** Who was shown which secret, or encrypted it for others, never the secret. */
export interface AuditLine {
  readonly at: string;
  readonly who: string;
  readonly action: "reveal" | "share";
  readonly reference: string;
  readonly kind: string;
  readonly device: string;
  readonly requestKey: string;
}

/** Durable when it returns: nobody is shown a secret that leaves no line. */
export async function writeAuditLine(folder: string, root: string, line: AuditLine): Promise<void> {
  if ((await checkFolder(folder, root)) === "missing") await makeFolder(folder);
  const path = join(folder, "audit.jsonl");
  try {
    const handle = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600);
    try {
      await handle.appendFile(`${JSON.stringify(line)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncFolder(folder);
  } catch (error) {
    throw escrowFailure(error, "write the audit line to", path);
  }
}
