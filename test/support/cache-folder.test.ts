import { chmod, mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { cacheFolder, compiledFolder } from "../../providers/support/cache-folder.js";
import { temporaryFolder } from "./temporary-folder.ts";

const PLENTY = () => 1e9;

async function cache(): Promise<{ env: { DEVICE_LIFECYCLE_CACHE: string }; folder: string }> {
  const chosen = path.join(await temporaryFolder(), "cache");
  return { env: { DEVICE_LIFECYCLE_CACHE: chosen }, folder: path.join(chosen, "node-compile-cache") };
}

describe("the folder of caches", () => {
  test("is the one that is chosen, or the system's", () => {
    expect(cacheFolder({ DEVICE_LIFECYCLE_CACHE: "a" })).toBe(path.resolve("a"));
    expect(cacheFolder({ DEVICE_LIFECYCLE_CACHE: "" })).toMatch(/device-lifecycle$/);
  });
});

describe("the folder of what is compiled", () => {
  test("is made for this user alone", async () => {
    const { env, folder } = await cache();

    expect(compiledFolder(env, PLENTY)).toBe(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  test.each([0o770, 0o707, 0o777])("is not used where others could write into it: mode %o", async (mode) => {
    const { env, folder } = await cache();
    await mkdir(folder, { recursive: true });
    await chmod(folder, mode);

    expect(compiledFolder(env, PLENTY)).toBeNull();
  });

  test("is used where others only read it", async () => {
    const { env, folder } = await cache();
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);

    expect(compiledFolder(env, PLENTY)).toBe(folder);
  });

  test("is not used on a disk that is nearly full", async () => {
    const { env } = await cache();

    expect(compiledFolder(env, () => 60 * 1024 * 1024)).toBeNull();
    expect(compiledFolder(env, () => 65 * 1024 * 1024)).not.toBeNull();
  });

  test("is none where it cannot be made", async () => {
    const { env, folder } = await cache();
    await mkdir(path.dirname(folder));
    await writeFile(folder, "");

    expect(compiledFolder(env, PLENTY)).toBeNull();
  });
});
