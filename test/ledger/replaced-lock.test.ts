import { renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import * as native from "fs-native-extensions";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { testClock } from "../support/test-clock.ts";

/**
 * What another process does to the lock file after it was opened and before it is locked; done
 * once.
 */
let meddle: (() => void) | null = null;

jest.unstable_mockModule("fs-native-extensions", () => ({
  ...native,
  tryLock: (fd: number) => {
    meddle?.();
    meddle = null;
    return native.tryLock(fd);
  },
}));

const { acquireLock } = await import("../../providers/ledger/file/ledger-lock.ts");

describe("a lock file that is replaced between opening and locking", () => {
  let path: string;

  beforeEach(async () => {
    const folder = join(await temporaryFolder(), "ledger");
    await mkdir(folder, { mode: 0o700 });
    path = join(folder, "ledger.lock");
    await writeFile(path, "", { mode: 0o600 });
  });

  test.each([
    ["replaced by another", () => [rmSync(path), writeFileSync(path, "")]],
    ["moved away, another in its place", () => [renameSync(path, `${path}.old`), writeFileSync(path, "")]],
    ["removed", () => [rmSync(path)]],
  ])("is not held when it was %s: the one that is there now is locked instead", async (_, change) => {
    const clock = testClock();
    meddle = change;

    const lock = await acquireLock(path, { waitMs: 1_000, clock });

    expect(clock.slept).toHaveLength(1);
    expect(lock.isInPlace()).toBe(true);
    await expect(acquireLock(path, { waitMs: 0, clock })).rejects.toThrow(/in use/);
    lock.release();
  });

  test("is known to be out of place when it is replaced later, and after its release", async () => {
    const lock = await acquireLock(path, { waitMs: 0, clock: testClock() });
    await rename(path, `${path}.old`);
    await writeFile(path, "", { mode: 0o600 });
    const replaced = lock.isInPlace();
    await rm(path);
    await rename(`${path}.old`, path);
    const back = lock.isInPlace();
    lock.release();

    expect([replaced, back, lock.isInPlace()]).toEqual([false, true, false]);
  });
});
