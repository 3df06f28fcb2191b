import { basename, dirname, isAbsolute, resolve } from "node:path";
import { ConfigurationError } from "../../domain/errors.ts";
import { notAReference } from "../reference.ts";

/** A folder for escrowed secrets, as the configuration names it. */
export interface FolderLocation {
  /** Absolute path. */
  readonly folder: string;
  /** As the user wrote it behind `file:`, with slashes; references repeat it. */
  readonly text: string;
}

/** Places and references of folders begin so. */
export const SCHEME = "file:";

/** Throws `ConfigurationError` for what names no folder, with `supported` as its hint. */
export function parseFolder(text: string, root: string, supported: string): FolderLocation {
  const written = text.slice(SCHEME.length).replaceAll("\\", "/").replace(/\/+$/, "");
  if (written === "" || written.startsWith("//") || /\p{Cc}/u.test(written)) {
    throw new ConfigurationError(`the escrow ${JSON.stringify(text)} names no folder`, { hint: supported });
  }
  return { folder: isAbsolute(written) ? written : resolve(root, written), text: written };
}

/**
 * `file:FOLDER/ID.age`, with the folder as the configuration names it: it stays right when the
 * project moves.
 */
export function fileReference(folderText: string, id: string): string {
  return `${SCHEME}${folderText}/${id}.age`;
}

const FILE_NAME = /^[0-9a-f]{32}\.age$/;

/** Throws `ConfigurationError` for anything that no `put` into a folder gives back. */
export function parseFileReference(text: string, root: string): { readonly folder: string; readonly path: string } {
  const written = text.slice(SCHEME.length);
  const path = isAbsolute(written) ? written : resolve(root, written);
  if (!FILE_NAME.test(basename(path)) || path.includes("\0")) throw notAReference(text);
  return { folder: dirname(path), path };
}
