import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, link, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { StateError } from "../../../providers/domain/errors.ts";
import { syncFolder } from "../../../providers/support/store-folder.ts";
import { systemCode } from "../../../providers/support/system-code.ts";
import { type FoundFile, lookFor } from "./state-file.ts";

/**
 * Puts whole bytes in place of a torn file, in one move that survives a crash, and keeps what was
 * there. Gives the name under which it is kept. Whatever fails, the file is as it was.
 */
export async function putBack(torn: FoundFile, bytes: Uint8Array): Promise<string> {
  const draft = `${torn.file}.${randomUUID()}.tmp`;
  const kept = await freeName(torn.file);
  try {
    await writeDraft(draft, bytes, torn.facts.mode);
    await keep(torn.file, kept);
    await refuseChanged(torn);
    await rename(draft, torn.file);
  } catch (error) {
    for (const file of [draft, kept]) await rm(file, { force: true });
    throw error;
  }
  await syncFolder(path.dirname(torn.file));
  return kept;
}

/** Moves a file that nobody needs out of Pulumi's sight. Gives its new name. */
export async function setAside(torn: FoundFile): Promise<string> {
  const kept = await freeName(torn.file);
  await refuseChanged(torn);
  await rename(torn.file, kept);
  await syncFolder(path.dirname(torn.file));
  return kept;
}

/** Ends in nothing that Pulumi takes for a stack: `prod.json.torn-20261128T084600Z`. */
async function freeName(file: string): Promise<string> {
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  for (let number = 1; ; number++) {
    const name = `${file}.torn-${stamp}${number === 1 ? "" : `-${number}`}`;
    if ((await lookFor(name)) === null) return name;
  }
}

async function writeDraft(file: string, bytes: Uint8Array, mode: number): Promise<void> {
  const handle = await open(file, "wx", mode & 0o777);
  try {
    await handle.chmod(mode & 0o777);
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The very file under a second name; a copy where the disk has no such names. */
async function keep(file: string, kept: string): Promise<void> {
  try {
    await link(file, kept);
  } catch (error) {
    if (systemCode(error) === null) throw error;
    await copyFile(file, kept, constants.COPYFILE_EXCL);
  }
}

/** Whoever wrote it meanwhile knows more than a copy does. */
async function refuseChanged({ file, facts }: FoundFile): Promise<void> {
  const now = (await lookFor(file))?.facts;
  if (now?.ino === facts.ino && now.size === facts.size && now.mtimeMs === facts.mtimeMs) return;
  throw new StateError(`${file} was written while it was being mended; it was left as it is`, { hint: "run the command again" });
}
