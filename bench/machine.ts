import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import path from "node:path";
import { ensurePulumi } from "../cli/pulumi/ensure-pulumi.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Where and of what the figures are. */
export interface Machine {
  readonly at: string;
  /** The commit, with `+` where files differ from it. */
  readonly commit: string;
  readonly processor: string;
  readonly processors: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  /** Mean of the minute before: other work on the machine. */
  readonly load: number;
  readonly node: string;
  readonly pulumi: string;
  readonly sdk: string;
}

/** Looks for the engine too, so that the first measurement does not. */
export async function lookAtMachine(): Promise<Machine> {
  const { version } = await ensurePulumi({ env: process.env, root: ROOT, say: (line) => console.error(line) });
  const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();
  const sdk: { readonly version: string } = JSON.parse(readFileSync(path.join(ROOT, "node_modules/@pulumi/pulumi/package.json"), "utf8"));
  return {
    at: new Date().toISOString(),
    commit: `${git("rev-parse", "--short=12", "HEAD")}${git("status", "--porcelain", "--untracked-files=no") === "" ? "" : "+"}`,
    processor: cpus()[0]?.model ?? "unknown",
    processors: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    load: loadavg()[0] ?? 0,
    node: process.versions.node,
    pulumi: version,
    sdk: sdk.version,
  };
}
