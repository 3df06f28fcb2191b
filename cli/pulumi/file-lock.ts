import { type FileHandle, lstat, open } from "node:fs/promises";
import { tryLock } from "fs-native-extensions";
import { systemClock } from "../../providers/support/system-clock.ts";
import { systemCode } from "../../providers/support/system-code.ts";

const POLL_MS = 500;

/** How somebody waits for a lock. */
interface Waiting {
  /** Told once who has it: `process 4711 (since 2026-11-22T10:17:06.464Z)`. */
  readonly onWait: (holder: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a piece of work while no other process does the same. The lock is the kernel's: it goes with
 * the process that holds it, however that ends. The file says who has it; the work may remove it.
 */
export async function withFileLock<T>(file: string, waiting: Waiting, work: () => Promise<T>): Promise<T> {
  const handle = await acquire(file, waiting);
  try {
    await handle.truncate(0);
    await handle.write(JSON.stringify({ pid: process.pid, since: new Date().toISOString() }));
    return await work();
  } finally {
    await handle.close();
  }
}

async function acquire(file: string, { onWait, signal }: Waiting): Promise<FileHandle> {
  for (let isTold = false; ; isTold = true) {
    const handle = await open(file, "a+", 0o600);
    try {
      if (tryLock(handle.fd) && (await isInPlace(file, handle))) return handle;
      if (!isTold) onWait(await holderOf(handle));
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
    await systemClock.sleep(POLL_MS);
    signal?.throwIfAborted();
  }
}

/** False where its holder has removed the file meanwhile: somebody may have the next one. */
async function isInPlace(file: string, handle: FileHandle): Promise<boolean> {
  try {
    const [there, ours] = await Promise.all([lstat(file), handle.stat()]);
    return there.ino === ours.ino && there.dev === ours.dev;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

/** For people only: the text may be old or half-written, and the lock alone decides. */
async function holderOf(handle: FileHandle): Promise<string> {
  const bytes = Buffer.alloc(200);
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
  const found = /"pid":(\d+),"since":"([^"]+)"/.exec(bytes.toString("utf8", 0, bytesRead));
  return found === null ? "another process" : `process ${found[1]} (since ${found[2]})`;
}
