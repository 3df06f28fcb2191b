import { hash } from "node:crypto";
import { EscrowError } from "../../domain/errors.ts";
import { checkFolder } from "../escrow-folder.ts";
import type { EscrowPlace, EscrowStoreKind, LocationRules, Recipient } from "../escrow-store.ts";
import { emulatorIdentityPath } from "./emulator-reader.ts";
import { FileEscrow } from "./file-escrow.ts";
import { type FolderLocation, parseFileReference, parseFolder, SCHEME } from "./folder-location.ts";
import { readRecipients } from "./recipients.ts";
import { revealFile } from "./reveal-file.ts";
import { divideRecipients, usableRecipients } from "./usable-recipients.ts";

/** Files in a folder, encrypted to its recipients. */
export const folderStore: EscrowStoreKind = {
  form: "file:FOLDER",
  claims: (text) => text.startsWith(SCHEME),
  shown: (location) => location,
  at: (location, rules, supported) => placeOf(parseFolder(location, rules.root, supported), rules),
  entryAt: (reference, root) => {
    const { folder, path } = parseFileReference(reference, root);
    return { auditFolder: folder, reveal: ({ identityFile }) => revealFile(path, identityFile ?? emulatorIdentityPath(folder)) };
  },
};

function placeOf(location: FolderLocation, { root, isLoopbackGraph }: LocationRules): EscrowPlace {
  const { folder } = location;
  return {
    isOfOneMachine: true,
    auditFolder: folder,
    open: ({ uuid }) => new FileEscrow({ location, root, isLoopbackGraph, uuid }),
    check: () => checkRecipients(folder, root, isLoopbackGraph),
    describeReaders: async () => {
      const keys = await provenKeys(folder, root);
      return keys.length === 0 ? "nobody" : `${keys.length} with proven keys, SHA-256 ${hash("sha256", keys.join("\n")).slice(0, 32)}`;
    },
    recipientsFolder: () => folder,
  };
}

/** Against an emulator a folder that is not there yet will get a reader of its own. */
async function checkRecipients(folder: string, root: string, isLoopbackGraph: boolean): Promise<readonly Recipient[]> {
  if (!isLoopbackGraph) return (await usableRecipients(folder, root, false)).unproven;
  if ((await checkFolder(folder, root)) === "present") await readRecipients(folder);
  return [];
}

async function provenKeys(folder: string, root: string): Promise<readonly string[]> {
  try {
    if ((await checkFolder(folder, root)) === "missing") return [];
    const { usable } = await divideRecipients(folder, await readRecipients(folder));
    return usable.map(({ key }) => key).sort();
  } catch (error) {
    if (error instanceof EscrowError) return [];
    throw error;
  }
}
