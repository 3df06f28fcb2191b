import { type ChildProcess, spawn } from "node:child_process";

const RELAYED = ["SIGINT", "SIGTERM"] as const;
type Relayed = (typeof RELAYED)[number];

/** npm sends on to us what its whole process group got: the same signal again within this time is an echo of the first. */
const ECHO_MS = 1_000;
/** How long the news of the canary's death may take. */
const CANARY_MS = 250;

/**
 * Hands signals on to a child exactly once. It matters: Pulumi takes one interrupt as "finish what is under way", a second as "drop it".
 * A signal sent to the process group (Ctrl-C in a terminal, timeout(1), a CI service) reaches the child by itself, one sent to us alone does not,
 * and nothing in Node tells which it was. So a canary, a `cat` that waits for nothing, sits in the same group: if it dies of the signal, the
 * group had it. Returns the end of the relaying.
 */
export function relaySignals(child: ChildProcess): () => void {
  let canary = startCanary();
  const last = new Map<Relayed, number>();

  const listeners = RELAYED.map((signal) => {
    const listener = async () => {
      const now = performance.now();
      const isEcho = now - (last.get(signal) ?? Number.NEGATIVE_INFINITY) < ECHO_MS;
      last.set(signal, now);
      if (isEcho) return;
      if (await diesSoon(canary)) canary = startCanary();
      else child.kill(signal);
    };
    process.on(signal, listener);
    return { signal, listener };
  });

  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
    canary.kill("SIGKILL");
  };
}

/** It ends by itself when we do: its standard input is a pipe of ours. */
function startCanary(): ChildProcess {
  const canary = spawn("cat", [], { stdio: ["pipe", "ignore", "ignore"] });
  canary.on("error", () => {
    // No `cat` on this machine: every signal is handed on.
  });
  return canary;
}

function diesSoon(canary: ChildProcess): Promise<boolean> {
  if (canary.signalCode !== null) return Promise.resolve(true);
  if (canary.pid === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(false), CANARY_MS);
    const onExit = () => settle(true);
    const settle = (died: boolean) => {
      clearTimeout(timer);
      canary.off("exit", onExit);
      resolve(died);
    };
    canary.once("exit", onExit);
  });
}
