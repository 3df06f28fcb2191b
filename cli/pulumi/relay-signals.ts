import { type ChildProcess, spawn } from "node:child_process";

const RELAYED = ["SIGINT", "SIGTERM"] as const;

/**
 * npm sends on to us what its whole process group got: the same signal again within this time is an
 * echo of the first.
 */
const ECHO_MS = 1_000;
/** How long the news of the canary's death may take. */
const CANARY_MS = 250;
const SHELL_WATCH_MS = 1_000;

/**
 * Hands signals on to a child exactly once. It matters: Pulumi takes one interrupt as "finish what
 * is under way", a second as "drop it". A signal sent to the process group (Ctrl-C in a terminal,
 * timeout(1), a CI service) reaches the child by itself, one sent to us alone does not, and nothing
 * in Node tells which it was. So a canary sits in the same group, and dies of what the group gets.
 * `underNpm`: a signal for npm goes to the shell between npm and us, which dies of it and tells
 * nobody; its end counts as SIGTERM. Returns the end of the relaying.
 */
export function relaySignals(child: Pick<ChildProcess, "kill">, underNpm: boolean): () => void {
  const canary = keepCanary();
  const shell = process.ppid;
  const shellWatch = setInterval(() => {
    if (!underNpm || process.ppid === shell) return;
    clearInterval(shellWatch);
    child.kill("SIGTERM");
  }, SHELL_WATCH_MS);
  const last = new Map<NodeJS.Signals, number>();

  const relay = async (signal: NodeJS.Signals) => {
    const now = performance.now();
    const isEcho = now - (last.get(signal) ?? Number.NEGATIVE_INFINITY) < ECHO_MS;
    last.set(signal, now);
    if (!isEcho && !(await canary.diesOf(signal))) child.kill(signal);
  };
  // On Windows a console's Ctrl-C always reaches every process in it, and kill() would not ask but
  // end the child.
  const listener = process.platform === "win32" ? () => {} : relay;
  for (const signal of RELAYED) process.on(signal, listener);

  return () => {
    clearInterval(shellWatch);
    for (const signal of RELAYED) process.off(signal, listener);
    canary.end();
  };
}

interface Canary {
  /** Whether a canary has just died, or soon dies, of this signal. */
  diesOf(signal: NodeJS.Signals): Promise<boolean>;
  end(): void;
}

/**
 * A `cat` that waits for input which never comes, replaced when it dies; it ends with us, since its
 * input is a pipe of ours.
 */
function keepCanary(): Canary {
  const deaths = new Map<NodeJS.Signals, number>();
  const watchers = new Set<(signal: NodeJS.Signals) => void>();
  const place = (): ChildProcess =>
    spawn("cat", [], { stdio: ["pipe", "ignore", "ignore"] })
      .on("error", () => {
        // No `cat` on this machine: every signal is handed on.
      })
      .on("exit", (_code, signal) => {
        if (signal === null || signal === "SIGKILL") return;
        deaths.set(signal, performance.now());
        for (const watcher of watchers) watcher(signal);
        // The last one may die of the signal that ended the child: another would keep us alive for
        // ever.
        if (!isOver) current = place();
      });
  let isOver = false;
  let current = place();

  return {
    diesOf: (signal) => {
      if (performance.now() - (deaths.get(signal) ?? Number.NEGATIVE_INFINITY) < ECHO_MS) return Promise.resolve(true);
      return new Promise((resolve) => {
        const settle = (died: boolean) => {
          clearTimeout(timer);
          watchers.delete(watcher);
          resolve(died);
        };
        const watcher = (cause: NodeJS.Signals) => {
          if (cause === signal) settle(true);
        };
        const timer = setTimeout(() => settle(false), CANARY_MS);
        watchers.add(watcher);
      });
    },
    end: () => {
      isOver = true;
      current.kill("SIGKILL");
    },
  };
}
