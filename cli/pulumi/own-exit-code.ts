import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { EXIT_FILE } from "../../providers/pulumi/tell-exit.ts";
import { systemCode } from "../../providers/support/system-code.ts";

/**
 * Runs Pulumi, and gives the exit code that our own processes in it asked for, the lowest of
 * several; where they said nothing, or Pulumi is content, Pulumi's.
 */
export async function ownExitCode(run: (env: Readonly<Record<string, string>>) => Promise<number>): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), "device-lifecycle-exit-"));
  try {
    const file = path.join(folder, "codes");
    const code = await run({ [EXIT_FILE]: file });
    const told = await readCodes(file);
    return code === 0 || told.length === 0 ? code : Math.min(...told);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readCodes(file: string): Promise<readonly number[]> {
  try {
    return (await readFile(file, "utf8"))
      .split("\n")
      .filter((line) => line !== "")
      .map(Number);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}
