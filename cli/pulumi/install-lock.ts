import { type FileHandle, open } from "node:fs/promises";
import { tryLock } from "fs-native-extensions";
import { poll } from "../../providers/support/retry.ts";
import { systemClock } from "../../providers/support/system-clock.ts";
import type { SetUpOptions } from "./options.ts";

const POLL_MS = 500;

/**
 * Runs a piece of work while no other process does the same. The lock is the kernel's: it goes with
 * the process that holds it, however that ends. The file stays and says who has it.
 */
export async function withInstallLock<T>(file: string, options: SetUpOptions, work: () => Promise<T>): Promise<T> {
  const handle = await open(file, "a+", 0o600);
  try {
    await acquire(handle, options);
    await handle.truncate(0);
    await handle.write(JSON.stringify({ pid: process.pid, since: new Date().toISOString() }));
    return await work();
  } finally {
    await handle.close();
  }
}

async function acquire(handle: FileHandle, options: SetUpOptions): Promise<void> {
  if (tryLock(handle.fd)) return;
  options.say(`pulumi: ${await holderOf(handle)} is installing the Pulumi CLI; waiting for it`);
  const take = () => {
    options.signal?.throwIfAborted();
    return tryLock(handle.fd) || null;
  };
  await poll(take, { pauses: () => POLL_MS, clock: systemClock });
}

/** For people only: the text may be old or half-written, and the lock alone decides. */
async function holderOf(handle: FileHandle): Promise<string> {
  const bytes = Buffer.alloc(200);
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
  const found = /"pid":(\d+),"since":"([^"]+)"/.exec(bytes.toString("utf8", 0, bytesRead));
  return found === null ? "another process" : `process ${found[1]} (since ${found[2]})`;
}
