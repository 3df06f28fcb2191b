import { link, rename, rm } from "node:fs/promises";
import { systemCode } from "../../support/system-code.ts";
import { writeNewFile } from "./escrow-folder.ts";

/** Whole or not at all; a file that is there already stays. */
export async function placeFirst(path: string, bytes: Buffer, uuid: () => string): Promise<void> {
  const draft = `${path}.${uuid()}.tmp`;
  await writeNewFile(draft, bytes);
  try {
    await link(draft, path);
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Whole or not at all, in place of what is there. */
export async function replaceFile(path: string, bytes: Buffer, uuid: () => string): Promise<void> {
  const draft = `${path}.${uuid()}.tmp`;
  try {
    await writeNewFile(draft, bytes);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
