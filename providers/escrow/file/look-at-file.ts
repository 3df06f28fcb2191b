import { dirname, join, resolve } from "node:path";
import { ProductError } from "../../domain/errors.ts";
import type { SecretLook } from "../../domain/ports.ts";
import { checkFolder, lstatOrNull } from "../escrow-folder.ts";
import { type FolderLocation, parseFileReference } from "./folder-location.ts";

/** The folder that secrets are put into, and the project's. */
interface Place {
  readonly location: FolderLocation;
  readonly root: string;
}

/**
 * Whether the file of an entry is there; it is not opened. A folder that is missing, or that has no
 * list of recipients, is not the one that the entry was put into: nothing is told by it.
 */
export async function lookAtFile(reference: string, { location, root }: Place): Promise<SecretLook> {
  try {
    const { folder, path } = parseFileReference(reference, root);
    if (resolve(folder) !== resolve(location.folder)) return unseen(`${reference} is in another escrow than file:${location.text}`);
    if ((await checkFolder(folder, root)) === "missing") return unseen(`the escrow folder ${folder} is not on this machine`);
    const file = await lstatOrNull(path);
    if (file?.isFile()) return { kind: "there", expiresAt: null };
    if (file !== null) return unseen(`${path} is not a regular file`);
    if ((await lstatOrNull(join(dirname(path), "recipients.txt"))) === null)
      return unseen(`${folder} has no recipients.txt: it is not the folder that the entry was put into`);
    return { kind: "deleted", detail: `${path} is not there any more, and no copy of the folder is looked at` };
  } catch (error) {
    if (error instanceof ProductError) return unseen(error.message);
    throw error;
  }
}

function unseen(why: string): SecretLook {
  return { kind: "unseen", why };
}
