import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { notAReference } from "../../providers/escrow/reference.ts";

export interface OpenPgpLocation {
  /** Absolute path. */
  readonly folder: string;
  /** As the user wrote it behind `openpgp:`; references repeat it. */
  readonly text: string;
}

/** Places and references begin so. */
export const SCHEME = "openpgp:";

/** Throws `ConfigurationError` for what names no folder. */
export function parseLocation(location: string, root: string, supported: string): OpenPgpLocation {
  const text = location.slice(SCHEME.length).replace(/\/+$/, "");
  if (text === "" || text.startsWith("//") || /\p{Cc}/u.test(text)) {
    throw new ConfigurationError(`the escrow ${JSON.stringify(location)} names no folder`, { hint: supported });
  }
  return { folder: isAbsolute(text) ? text : resolve(root, text), text };
}

/** Where the public keys of those who may read lie, one `.asc` each. */
export function readersFolder(folder: string): string {
  return join(folder, "readers");
}

export function referenceOf({ text }: OpenPgpLocation, id: string): string {
  return `${SCHEME}${text}/${id}.asc`;
}

/** Throws `ConfigurationError` for anything that no `put` gives back. */
export function parseReference(reference: string, root: string): { readonly folder: string; readonly path: string } {
  const path = resolve(root, reference.slice(SCHEME.length));
  if (!/^[0-9a-f]{32}\.asc$/.test(basename(path)) || path.includes("\0")) throw notAReference(reference);
  return { folder: dirname(path), path };
}
