import { hash } from "node:crypto";
import { basename, dirname, isAbsolute, resolve } from "node:path";
import { ConfigurationError } from "../domain/errors.ts";

/**
 * Where one secret lies, as state and ledger hold it. Nothing of the secret or the device is in it.
 */
export type EscrowReference =
  | { readonly kind: "file"; readonly folder: string; readonly path: string }
  | { readonly kind: "vault"; readonly vaultUrl: string; readonly name: string; readonly version: string };

/** 128 random bits as 32 hex digits: a UUID has 122, so two are mixed. */
export function newEntryId(uuid: () => string): string {
  return hash("sha256", `${uuid()}\n${uuid()}`).slice(0, 32);
}

/**
 * `file:FOLDER/ID.age`, with the folder as the configuration names it: it stays right when the
 * project moves.
 */
export function fileReference(folderText: string, id: string): string {
  return `file:${folderText}/${id}.age`;
}

const FILE_NAME = /^[0-9a-f]{32}\.age$/;
const VAULT_PATH = /^\/secrets\/([0-9A-Za-z-]{1,127})\/([0-9A-Za-z]{1,64})$/;

/** Throws `ConfigurationError` for anything that no `put` of ours gives back. */
export function parseReference(text: string, root: string): EscrowReference {
  if (text.startsWith("file:")) {
    const written = text.slice("file:".length);
    const path = isAbsolute(written) ? written : resolve(root, written);
    if (!FILE_NAME.test(basename(path)) || path.includes("\0")) throw notAReference(text);
    return { kind: "file", folder: dirname(path), path };
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  const [, name, version] = VAULT_PATH.exec(url?.pathname ?? "") ?? [];
  if (url?.protocol !== "https:" || url.search !== "" || url.username !== "" || name === undefined || version === undefined)
    throw notAReference(text);
  return { kind: "vault", vaultUrl: url.origin, name, version };
}

function notAReference(text: string): ConfigurationError {
  const hint = "copy it from the resource's output bypassCode.reference, or from `npm run ledger -- show`";
  return new ConfigurationError(`${JSON.stringify(text)} is not a reference to an escrowed secret`, { hint });
}
