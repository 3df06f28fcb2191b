import { execFile } from "node:child_process";
import { promisify } from "node:util";

const LIMITS = { timeout: 120_000, maxBuffer: 64 * 1024 * 1024, windowsHide: true } as const;

/**
 * Git in a folder; nothing that the repository's configuration names is run. Throws what `execFile`
 * does.
 */
export async function runGit(folder: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Buffer> {
  const safe = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];
  const { stdout } = await promisify(execFile)("git", [...safe, ...args], { ...LIMITS, cwd: folder, env, encoding: "buffer" });
  return stdout;
}
