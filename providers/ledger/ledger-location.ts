import { isAbsolute, resolve } from "node:path";
import { ConfigurationError } from "../domain/errors.ts";

/** Where a ledger lives. One member per kind of store. */
export interface LedgerLocation {
  readonly kind: "file";
  /** Absolute path. */
  readonly folder: string;
  /** As the user wrote it, for messages. */
  readonly text: string;
}

const SUPPORTED = "write `file:FOLDER`, for example `pulumi config set ledger file:ledger`";

/** Throws `ConfigurationError` for a place that no ledger of this version can live in. */
export function parseLedgerLocation(text: string, root: string): LedgerLocation {
  if (!text.startsWith("file:")) {
    throw new ConfigurationError(`the ledger ${JSON.stringify(text)} is of a kind that is not supported`, { hint: SUPPORTED });
  }
  const folder = text.slice("file:".length);
  if (folder === "" || folder.startsWith("//") || folder.includes("\0")) {
    throw new ConfigurationError(`the ledger ${JSON.stringify(text)} names no folder`, { hint: SUPPORTED });
  }
  return { kind: "file", folder: isAbsolute(folder) ? folder : resolve(root, folder), text };
}
