import { childrenOf } from "./measure-processes.ts";

const INTERRUPTED = 130;

/**
 * Does the work so that a signal ends it in order: the processes that run are told, the step that
 * they were fails, and what was made is taken away. `signal` is aborted then. Gives 130 as exit
 * code.
 */
export async function interruptible(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    controller.abort();
    // From a terminal all of them have been told already.
    if (name === "SIGTERM") for (const { pid } of childrenOf(process.pid)) process.kill(pid, name);
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    console.error("interrupted; nothing was written");
    process.exitCode = INTERRUPTED;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}
