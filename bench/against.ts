import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { ConfigurationError } from "../providers/domain/errors.ts";
import { type Figures, sizesOf, valuesOf } from "./figures.ts";
import type { Mode } from "./fleet.ts";
import type { Contender } from "./operations.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import { ourProgram } from "./our-program.ts";
import { ratioOf } from "./statistics.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const run = promisify(execFile);

/** Another commit, checked out beside this one. */
export interface OtherCommit {
  readonly root: string;
  /** Takes it away again. */
  readonly remove: () => Promise<void>;
}

/**
 * Throws `ConfigurationError` for what is no commit of this repository. Its packages are this
 * commit's where the lock file is.
 */
export async function checkOut(ref: string): Promise<OtherCommit> {
  const folder = await mkdtemp(path.join(tmpdir(), "device-lifecycle-bench-"));
  const root = path.join(folder, "other");
  const remove = async () => {
    await run("git", ["worktree", "remove", "--force", root], { cwd: ROOT }).catch(() => null);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await run("git", ["worktree", "add", "--detach", root, ref], { cwd: ROOT });
    await bringPackages(root);
    return { root, remove };
  } catch (error) {
    await remove();
    const why = error instanceof Error ? error.message.trim() : String(error);
    throw new ConfigurationError(`${ref} could not be checked out: ${why}`, { cause: error });
  }
}

/** Hard links cost no space and no network; another lock file needs its own packages. */
async function bringPackages(root: string): Promise<void> {
  const { stdout } = await run("git", [
    "diff",
    "--no-index",
    "--name-only",
    path.join(ROOT, "package-lock.json"),
    path.join(root, "package-lock.json"),
  ]).catch((error: { readonly stdout: string }) => error);
  if (stdout === "") await run("cp", ["-al", path.join(ROOT, "node_modules"), path.join(root, "node_modules")]);
  else await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root });
}

const [HERE, OTHER] = ["here", "other"];

/** Both programs, in each mode. */
export function pairsOf(modes: readonly Mode[], root: string): readonly Contender[] {
  return modes.flatMap((mode) => [
    { ...ourProgram(mode, ROOT), name: `${mode} ${HERE}` },
    { ...ourProgram(mode, root), name: `${mode} ${OTHER}` },
  ]);
}

/**
 * One line for each mode, size and operation: how many times as much this commit takes, pair by
 * pair.
 */
export function renderPairs(figures: Figures, modes: readonly Mode[]): readonly string[] {
  return modes.flatMap((mode) =>
    sizesOf(figures).flatMap((size) =>
      (Object.keys(OPERATIONS) as Operation[]).flatMap((operation) => {
        const of = (side: string | undefined, measure: "cpuSeconds" | "peakMiB" | "seconds") =>
          valuesOf(figures, { contender: `${mode} ${side}`, size, operation }, measure);
        if (of(HERE, "seconds").length === 0) return [];
        const parts = (["seconds", "cpuSeconds", "peakMiB"] as const).map((measure) => {
          const { median, lowest, highest } = ratioOf(of(HERE, measure), of(OTHER, measure));
          return `${median.toFixed(3)} (${lowest.toFixed(3)}–${highest.toFixed(3)})`.padEnd(22);
        });
        return [`${mode.padEnd(16)} ${String(size).padStart(5)} ${operation.padEnd(12)} ${parts.join(" ")}`.trimEnd()];
      }),
    ),
  );
}
