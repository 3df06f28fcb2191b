import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { COMMANDS } from "../../cli/commands.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Packages that take long to load: whoever asks for help, or mistypes, does not wait for them. */
const HEAVY = /node_modules\/(@azure|@microsoft|@pulumi|ajv|age-encryption|typescript)\//;

/** Modules of the command that loads most; each costs about a third of a millisecond. */
const MOST_MODULES = 400;

const LISTS_MODULES = `
import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";
registerHooks({ load: (url, context, next) => { appendFileSync(process.env.LISTED, url + "\\n"); return next(url, context); } });
`;

describe("the start of a command", () => {
  test.each(COMMANDS.map(({ name }) => name))("%s: its help loads little", async (name) => {
    const folder = await temporaryFolder();
    const [hooks, listed] = [path.join(folder, "hooks.mjs"), path.join(folder, "listed")];
    await writeFile(hooks, LISTS_MODULES);

    const help = name === "pulumi" ? "--installer-help" : "--help";
    const { stdout } = await dlr(["--import", hooks, "cli/dlr.js", name, help], { LISTED: listed });
    const modules = (await readFile(listed, "utf8")).trim().split("\n");

    expect(stdout).toContain("dlr");
    // The emulator holds bodies against schemas, and is started once.
    expect(modules.filter((url) => HEAVY.test(url) && !(name === "emulator" && url.includes("/ajv/")))).toEqual([]);
    expect(modules.length).toBeLessThan(MOST_MODULES);
  });

  test("keeps what was compiled for the next one, in our cache", async () => {
    const cache = path.join(await temporaryFolder(), "cache");

    const first = await dlr(["cli/dlr.js", "help"], { DEVICE_LIFECYCLE_CACHE: cache, NODE_DEBUG_NATIVE: "COMPILE_CACHE" });
    const second = await dlr(["cli/dlr.js", "help"], { DEVICE_LIFECYCLE_CACHE: cache, NODE_DEBUG_NATIVE: "COMPILE_CACHE" });

    expect(await readdir(cache)).toEqual(["node-compile-cache"]);
    expect(first.stderr).not.toContain("was accepted");
    expect(second.stderr).toMatch(/dispatch\.ts.* was accepted/);
  });

  test("makes no cache of ours where Node is told of another", async () => {
    const [cache, other] = [path.join(await temporaryFolder(), "cache"), await temporaryFolder()];

    await dlr(["cli/dlr.js", "help"], { DEVICE_LIFECYCLE_CACHE: cache, NODE_COMPILE_CACHE: other });

    expect(await readdir(path.dirname(cache))).toEqual([]);
    expect(await readdir(other)).toHaveLength(1);
  });

  test.each([
    ["a cache that cannot be made", async (folder: string) => writeFile(path.join(folder, "node-compile-cache"), ""), {}],
    ["Node's own word that there is none", async () => {}, { NODE_DISABLE_COMPILE_CACHE: "1" }],
    ["a home that nobody knows", async () => {}, { DEVICE_LIFECYCLE_CACHE: "", HOME: "" }],
  ])("goes on with %s", async (_what, prepare, env) => {
    const cache = await temporaryFolder();
    await prepare(cache);

    const cwd = await temporaryFolder();
    const { stdout, stderr } = await dlr([path.join(ROOT, "cli/dlr.js"), "help"], { DEVICE_LIFECYCLE_CACHE: cache, ...env }, cwd);

    expect(stdout).toContain("dlr COMMAND");
    expect(stderr).toBe("");
    expect(await readdir(cwd)).toEqual([]);
  });

  test("goes on where the kept code is damaged", async () => {
    const cache = await temporaryFolder();
    await dlr(["cli/dlr.js", "help"], { DEVICE_LIFECYCLE_CACHE: cache });
    const folder = path.join(cache, "node-compile-cache");
    for (const name of await readdir(folder, { recursive: true })) if (!name.includes(".")) await spoil(path.join(folder, name));

    const { stdout } = await dlr(["cli/dlr.js", "help"], { DEVICE_LIFECYCLE_CACHE: cache });

    expect(stdout).toContain("dlr COMMAND");
  });
});

/** The second half of a file in other bytes; folders stay. */
async function spoil(file: string): Promise<void> {
  const bytes = await readFile(file).catch(() => null);
  if (bytes !== null) await writeFile(file, bytes.fill(0x5a, bytes.length / 2));
}

async function dlr(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = ROOT,
): Promise<{ stdout: string; stderr: string }> {
  const { NODE_COMPILE_CACHE: _, ...inherited } = process.env;
  return promisify(execFile)(process.execPath, args, { cwd, env: { ...inherited, ...env }, maxBuffer: 16 * 1024 * 1024 });
}
