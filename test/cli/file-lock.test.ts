import { readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import * as native from "fs-native-extensions";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Called between the opening of the file and its lock. */
let beforeLock: () => void = () => {};

jest.unstable_mockModule("fs-native-extensions", () => ({
  tryLock: (fd: number) => {
    beforeLock();
    return native.tryLock(fd);
  },
}));
const { withFileLock } = await import("../../cli/pulumi/file-lock.ts");
const { rmSync } = await import("node:fs");

describe("a lock file", () => {
  let file: string;
  const told: string[] = [];
  const waiting = { onWait: (holder: string) => told.push(holder) };

  beforeEach(async () => {
    file = path.join(await temporaryFolder(), "one.lock");
    beforeLock = () => {};
    told.length = 0;
  });

  test("lets one work at a time, and tells the others once who that is", async () => {
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await sleep(1_200);
      order.push(`${name} ends`);
    };

    const first = withFileLock(file, waiting, work("first"));
    await sleep(100);
    await Promise.all([first, withFileLock(file, waiting, work("second"))]);

    expect(order).toEqual(["first begins", "first ends", "second begins", "second ends"]);
    expect(told).toEqual([expect.stringMatching(new RegExp(`^process ${process.pid} \\(since 20.*Z\\)$`))]);
  });

  test("that its holder removed between our look and our lock is none: the next one is taken", async () => {
    let removals = 0;
    beforeLock = () => {
      if (removals++ === 0) rmSync(file);
    };

    await withFileLock(file, waiting, async () => expect(await readdir(path.dirname(file))).toEqual(["one.lock"]));

    expect(removals).toBe(2);
  });

  test("may be removed by the work", async () => {
    await withFileLock(file, waiting, () => rm(file));

    expect(await readdir(path.dirname(file))).toEqual([]);
    expect(await withFileLock(file, waiting, async () => "next")).toBe("next");
  });

  test("is waited for no longer once the signal comes", async () => {
    const abort = new AbortController();
    const first = withFileLock(file, waiting, () => sleep(1_500));
    await sleep(100);

    setTimeout(() => abort.abort(new Error("stopped")), 100);
    await expect(withFileLock(file, { ...waiting, signal: abort.signal }, () => writeFile(file, "no"))).rejects.toThrow("stopped");

    await first;
  });
});
