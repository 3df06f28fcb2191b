import { execFile } from "node:child_process";
import { cp, symlink } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { temporaryFolder } from "./temporary-folder.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** What commands and programs read; tests and pages stay behind. */
const PARTS = [
  "cli",
  "devices",
  "emulator",
  "infrastructure/arguments.ts",
  "infrastructure/graph-permissions.ts",
  "notify",
  "providers",
  "report",
  "review",
];
const FILES = ["dlr", "index.js", "index.ts", "package.json", "Pulumi.yaml"];

/** A clone of this repository with its packages, as somebody has it who has just typed `npm ci`. */
export async function projectCopy(): Promise<string> {
  const folder = path.join(await temporaryFolder(), "a clone");
  const { stdout } = await promisify(execFile)(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard", ...PARTS, ...FILES],
    {
      cwd: ROOT,
      maxBuffer: 16 * 1024 * 1024,
    },
  );
  for (const file of stdout.split("\0")) if (file !== "") await cp(path.join(ROOT, file), path.join(folder, file));
  await symlink(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  return folder;
}

/** Of a person who has chosen nothing: no credentials, no backend, no CI. */
export function newcomer(home: string): Readonly<Record<string, string>> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(CI|GITHUB_|BUILD_|TF_BUILD|GRAPH_|AZURE_|PULUMI_|npm_)/.test(entry[0]),
  );
  return {
    ...Object.fromEntries(own),
    CI: "false",
    PULUMI_CREDENTIALS_PATH: home,
    PULUMI_DOWNLOAD: "off",
    // What is compiled of a copy is of use to nobody after it.
    NODE_COMPILE_CACHE: path.join(home, "compiled"),
  };
}
