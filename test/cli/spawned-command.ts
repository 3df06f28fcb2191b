import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * Compiled once for all commands of all test runs: most of a short command's time goes into
 * compiling.
 */
const COMPILED = path.join(tmpdir(), "device-lifecycle-compile-cache");

const ROOT = path.resolve(import.meta.dirname, "../..");

export interface Ended {
  /** 128 + n where signal n ended it, as a shell would say it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * One of our commands, by its name or by its file in cli/, as a process of its own and leader of
 * its own process group.
 */
export class SpawnedCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  #stdout = "";
  #stderr = "";
  readonly #watchers = new Set<() => void>();

  constructor(name: string, args: readonly string[], env: Readonly<Record<string, string>>, { cwd = ROOT, root = ROOT } = {}) {
    const started = name.endsWith(".ts") ? [path.join(root, "cli", name)] : [path.join(root, "cli", "dlr.js"), name];
    this.child = spawn(process.execPath, [...started, ...args], {
      cwd,
      env: { NODE_COMPILE_CACHE: COMPILED, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
      for (const watcher of this.#watchers) watcher();
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
      for (const watcher of this.#watchers) watcher();
    });
    this.ended = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (code, signal) => resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr }));
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error("the command did not start");
    return this.child.pid;
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** Until it has printed a text; fails when it ends without. */
  async printed(text: string): Promise<void> {
    const seen = new Promise<void>((resolve) => {
      const watcher = () => {
        if (!(this.#stdout + this.#stderr).includes(text)) return;
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
      watcher();
    });
    const over = this.ended.then((end) => {
      if (!(end.stdout + end.stderr).includes(text)) throw new Error(`ended without "${text}":\n${end.stdout}${end.stderr}`);
    });
    await Promise.race([seen, over]);
  }
}
