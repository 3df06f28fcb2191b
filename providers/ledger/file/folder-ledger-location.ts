import { isAbsolute, resolve } from "node:path";
import { ConfigurationError } from "../../domain/errors.ts";

/** A folder for a ledger, as the configuration names it. */
export interface FolderLocation {
  /** Absolute path. */
  readonly folder: string;
  /** As the user wrote it, for messages. */
  readonly text: string;
}

/** Places of folders begin so. */
export const SCHEME = "file:";

/** Throws `ConfigurationError` for what names no folder, with `supported` as its hint. */
export function parseFolder(text: string, root: string, supported: string): FolderLocation {
  const folder = text.slice(SCHEME.length);
  if (folder === "" || folder.startsWith("//") || folder.includes("\0")) {
    throw new ConfigurationError(`the ledger ${JSON.stringify(text)} names no folder`, { hint: supported });
  }
  return { folder: isAbsolute(folder) ? folder : resolve(root, folder), text };
}
