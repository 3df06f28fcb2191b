import { dirname, join } from "node:path";
import { dlrCommand } from "../../support/dlr-command.ts";
import { isWorldWritable, storeFolder } from "../../support/store-folder.ts";
import { ledgerFailures } from "../ledger-failure.ts";

/** The files of a ledger in its folder. */
export interface LedgerPaths {
  readonly folder: string;
  readonly records: string;
  readonly lock: string;
  readonly brake: string;
  /** Made of the records, and made anew where it is missing. */
  readonly index: string;
}

/** Names within the folder are fixed: backups and docs/stores.md rely on them. */
export function ledgerPaths(folder: string): LedgerPaths {
  const at = (name: string) => join(folder, name);
  return { folder, records: at("ledger.jsonl"), lock: at("ledger.lock"), brake: at("brake.jsonl"), index: at("ledger.index") };
}

const FOLDER = storeFolder({ name: "the ledger's folder", astray: "the ledger", failures: ledgerFailures });

/** For this user alone (mode 700); throws `LedgerError`. */
export const makeFolder = FOLDER.make;

/** Throws `LedgerError` for a folder, or a ledger in it, that others could swap or fill. */
export async function checkFolder(folder: string, root: string): Promise<"present" | "missing"> {
  if ((await FOLDER.check(folder, root)) === "missing") return "missing";
  await refuseWorldWritable(ledgerPaths(folder).records);
  return "present";
}

async function refuseWorldWritable(records: string): Promise<void> {
  const found = await FOLDER.lstatOrNull(records);
  if (!found?.isFile() || !isWorldWritable(found)) return;
  throw ledgerFailures.say(
    `everybody may write to the ledger ${records}`,
    `chmod 600 ${records}, then see what it says: ${dlrCommand("ledger show", undefined, ["--ledger", `file:${dirname(records)}`])}`,
  );
}
