import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { systemClock, timestamp } from "../../providers/support/system-clock.ts";
import { findPulumi } from "../pulumi/ask-pulumi.ts";
import type { SetUpOptions } from "../pulumi/options.ts";
import { knownRequests } from "../support/known-requests.ts";
import { openLedgerAt } from "../support/open-stores.ts";
import { shellAtHand } from "../support/shell-at-hand.ts";
import { renderCall, renderReady } from "./render-try.ts";
import { writeTryFiles } from "./try-files.ts";
import { forgetTries, hasTryStack, pointTryStack, TRY_STORES } from "./try-stack.ts";

interface Flags {
  readonly port?: number;
  readonly anew?: true;
}

const PORT = 8787;

/**
 * `dlr try`: a stack, a request and a fleet, for as long as this process lives. Throws
 * `ConfigurationError` where a stack of that name is somebody's own, and `SetUpError` without the
 * Pulumi CLI.
 */
export async function tryOut({ port, anew }: Flags, options: Omit<SetUpOptions, "signal">): Promise<void> {
  const { env, root } = options;
  const pulumi = await findPulumi(options);
  const wasThere = await hasTryStack(pulumi);
  if (anew) await forgetTries(pulumi, wasThere, timestamp(systemClock));
  const isThere = wasThere && anew === undefined;
  const emulator = await start(port);
  const ended = untilStopped();
  try {
    await pointTryStack(pulumi, isThere, emulator.url);
    const written = await writeTryFiles(root, systemClock.now());
    const begun = await begunIn(root, env);
    console.log(renderReady({ emulator, root, written, begun, shell: shellAtHand(env, process.platform) }));
    tellCalls(emulator);
    await ended;
  } finally {
    await emulator.close();
  }
}

/** On the port that is asked for, else on the usual one, else on a free one. */
async function start(port: number | undefined): Promise<Emulator> {
  if (port !== undefined) return await startEmulator({ port });
  try {
    return await startEmulator({ port: PORT });
  } catch (error) {
    if (error instanceof ConfigurationError) return await startEmulator({ port: 0 });
    throw error;
  }
}

async function begunIn(root: string, env: NodeJS.ProcessEnv): Promise<number> {
  const { records } = await openLedgerAt(TRY_STORES.ledger, root, env).read();
  return knownRequests(records).length;
}

function tellCalls(emulator: Emulator): void {
  emulator.on("answered", (request) => {
    const line = renderCall(request);
    if (line !== null) console.log(line);
  });
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve()).once("SIGTERM", () => resolve());
  });
}
