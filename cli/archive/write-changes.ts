import { lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import type { Change } from "./change.ts";
import type { ArchiveFolders } from "./plan-archive.ts";
import { readOrNull } from "./request-files.ts";

/**
 * Throws `ConfigurationError` where a file is not as it was read, or a link leads elsewhere.
 */
export async function checkPlaces(changes: readonly Change[], folders: ArchiveFolders): Promise<void> {
  for (const change of changes) await refuseStrange(change, folders);
}

/**
 * Writes the archive first: a crash in between leaves a request in both places, and never in none.
 * Throws before the first write as `checkPlaces` does.
 */
export async function writeChanges(changes: readonly Change[], folders: ArchiveFolders): Promise<void> {
  await checkPlaces(changes, folders);
  const inOrder = [...changes.filter(({ place }) => place === "archive"), ...changes.filter(({ place }) => place === "requests")];
  for (const { place, name, after } of inOrder) {
    const file = path.join(folders[place], name);
    if (after === null) await rm(file);
    else await replace(file, after);
  }
}

async function refuseStrange({ place, name, before }: Change, folders: ArchiveFolders): Promise<void> {
  await refuseLinks(folders[place], name);
  const now = await readOrNull(path.join(folders[place], name));
  const isSame = now === null || before === null ? now === before : now.equals(before);
  if (!isSame) throw new ConfigurationError(`${name} was changed meanwhile: nothing was written`, { hint: "run the command again" });
}

async function refuseLinks(folder: string, name: string): Promise<void> {
  const parts = name.split("/");
  for (let length = 0; length <= parts.length; length += 1) {
    const place = path.join(folder, ...parts.slice(0, length));
    const found = await lstat(place).catch(() => null);
    const isRight = found === null || (length === parts.length ? found.isFile() : found.isDirectory());
    if (!isRight)
      throw new ConfigurationError(
        `${place} is ${found?.isSymbolicLink() ? "a symbolic link" : "something else than expected"}: nothing was written`,
        {
          hint: "put a real file or folder there",
        },
      );
  }
}

/** There whole, or as it was. */
async function replace(file: string, bytes: Buffer): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, bytes, { flag: "wx", mode: 0o644 });
  await rename(draft, file);
}
