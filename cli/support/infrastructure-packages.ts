import { hash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { systemCode } from "../../providers/support/system-code.ts";
import { withoutNpmSettings } from "../pulumi/npm-settings.ts";
import type { Environment, SetUpOptions } from "../pulumi/options.ts";
import { withProgress } from "../pulumi/progress.ts";
import { runTool, tailOf } from "../pulumi/run-tool.ts";
import { SetUpError } from "../pulumi/set-up-error.ts";

const FOLDER = "infrastructure";
const LOCK_FILE = "package-lock.json";
/**
 * Beside the packages, so that it goes when they go: the hash of the lock file that they were
 * installed from.
 */
const MARK = path.join("node_modules", ".installed-from");

/**
 * Installs the packages of the program in infrastructure/, which nothing else needs, as its lock
 * file says; once for each state of that file. Throws `SetUpError` when npm cannot be started or
 * does not succeed.
 */
export async function ensureInfrastructurePackages({ root, env, say, signal }: SetUpOptions): Promise<void> {
  const folder = path.join(root, FOLDER);
  const expected = hash("sha256", await readFile(path.join(folder, LOCK_FILE), "utf8"));
  const mark = path.join(folder, MARK);
  if ((await readMark(mark)) === expected) return;
  const { command, args } = npm(env);
  const install = {
    command,
    args: [...args, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
    cwd: folder,
    env: withoutNpmSettings(env),
  };
  const result = await withProgress(say, { what: `installing the packages of ${FOLDER}/`, expected: "half a minute, 250 MB" }, () =>
    runTool(signal === undefined ? install : { ...install, signal }),
  );
  if (result.kind === "notStarted") {
    throw new SetUpError("machine", `${command} cannot be started (${result.code})`, {
      hint: "install Node with npm",
      cause: result.cause,
    });
  }
  if (result.kind === "killed" || result.code !== 0) {
    throw new SetUpError("service", `npm could not install the packages of ${FOLDER}/\n${tailOf(result.output)}`, {
      hint: `see what npm says: npm ci --prefix ${FOLDER}`,
    });
  }
  await writeFile(mark, expected);
}

/** The npm that started us, run by our own Node, or the one on PATH. */
function npm(env: Environment): { readonly command: string; readonly args: readonly string[] } {
  const script = env.npm_execpath ?? "";
  return path.basename(script) === "npm-cli.js" ? { command: process.execPath, args: [script] } : { command: "npm", args: [] };
}

async function readMark(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
}
