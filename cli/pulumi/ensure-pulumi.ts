import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { cacheFolder } from "../../providers/support/cache-folder.js";
import { cannotWrite, installationName, makeCacheFolder } from "./cache-folder.ts";
import { compilePulumi } from "./compile-pulumi.ts";
import { downloadPulumi } from "./download-pulumi.ts";
import { withFileLock } from "./file-lock.ts";
import { findOnPath, isExecutable } from "./find-on-path.ts";
import type { SetUpOptions } from "./options.ts";
import { probePulumi } from "./probe-pulumi.ts";
import { elapsedText } from "./progress.ts";
import { SetUpError } from "./set-up-error.ts";
import { isAtLeast, OLDEST_PULUMI } from "./versions.ts";

/** A CLI that was started once and told its version. */
export interface PulumiInstallation {
  /** Absolute path of the CLI. */
  readonly command: string;
  /**
   * Folder to put first on PATH, so that the CLI finds what belongs to it; null for one that is on
   * PATH already.
   */
  readonly pathPrefix: string | null;
  /** `3.255.0` */
  readonly version: string;
  readonly from: "path" | "cache" | "download" | "compiled";
}

type Search = { readonly found: PulumiInstallation } | { readonly found: null; readonly whyNot: string };

/**
 * Finds the Pulumi CLI or installs it: on PATH, in our cache, by the official download, by
 * compiling it. Tells through `say` whatever takes time or was passed over. Throws SetUpError when
 * none of it works.
 */
export async function ensurePulumi(options: SetUpOptions): Promise<PulumiInstallation> {
  const onPath = await searchPath(options);
  if (onPath.found !== null) return onPath.found;
  const cached = await searchCache(options);
  if (cached.found !== null) return cached.found;

  if (process.platform === "win32") {
    throw new SetUpError("machine", `no Pulumi CLI: ${onPath.whyNot}`, { hint: "install it: winget install pulumi" });
  }
  const cache = cacheFolder(options.env);
  await makeCacheFolder(cache);
  try {
    const onWait = (holder: string) => options.say(`pulumi: ${holder} is installing the Pulumi CLI; waiting for it`);
    const lock = path.join(cache, `${installationName()}.lock`);
    return await withFileLock(lock, { onWait, signal: options.signal }, () => install(cache, onPath.whyNot, options));
  } catch (error) {
    throw cannotWrite(cache, error);
  }
}

/** The CLI that is there already; throws nothing and installs nothing. */
export async function installedPulumi(options: SetUpOptions): Promise<PulumiInstallation | null> {
  return (await searchPath(options)).found ?? (await searchCache(options)).found;
}

async function searchPath(options: SetUpOptions): Promise<Search> {
  const command = await findOnPath("pulumi", options.env);
  if (command === null) return { found: null, whyNot: "pulumi is not on PATH" };
  const probe = await probePulumi(command, options.env, options.signal);
  if (probe.kind === "works" && isAtLeast(probe.version, OLDEST_PULUMI)) {
    return { found: { command, pathPrefix: null, version: probe.version, from: "path" } };
  }
  const whyNot =
    probe.kind === "works" ? `${command} is ${probe.version}, older than the ${OLDEST_PULUMI} needed` : `${command} ${probe.why}`;
  options.say(`pulumi: ${whyNot}; looking further`);
  return { found: null, whyNot };
}

async function searchCache(options: SetUpOptions): Promise<Search> {
  const folder = path.join(cacheFolder(options.env), installationName());
  const command = path.join(folder, "pulumi");
  if (!(await isExecutable(command))) return { found: null, whyNot: "is incomplete" };
  if (!(await isExecutable(path.join(folder, "pulumi-language-nodejs")))) return { found: null, whyNot: "is incomplete" };
  const probe = await probePulumi(command, options.env, options.signal);
  if (probe.kind === "broken") return { found: null, whyNot: probe.why };
  return { found: { command, pathPrefix: folder, version: probe.version, from: "cache" } };
}

/**
 * Under the lock. Everything is made in a folder of its own, which takes its name only when it
 * works.
 */
async function install(cache: string, notOnPath: string, options: SetUpOptions): Promise<PulumiInstallation> {
  const start = performance.now();
  const meanwhile = await searchCache(options);
  if (meanwhile.found !== null) return meanwhile.found;
  await clearRemains(cache, meanwhile.whyNot, options);

  const part = await mkdtemp(path.join(cache, `${installationName()}.part-`));
  try {
    const from = await fill(part, notOnPath, options);
    const folder = path.join(cache, installationName());
    const probe = await probePulumi(path.join(part, "pulumi"), options.env, options.signal);
    if (probe.kind === "broken") throw new SetUpError("service", `the Pulumi CLI that was just made (${from}) ${probe.why}`);
    await rename(part, folder);
    options.say(`pulumi: ${probe.version} is installed in ${folder} after ${elapsedText(performance.now() - start)}`);
    return { command: path.join(folder, "pulumi"), pathPrefix: folder, version: probe.version, from };
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** What dead installers left, and an installation that does not work. */
async function clearRemains(cache: string, whyNot: string, options: SetUpOptions): Promise<void> {
  const name = installationName();
  for (const entry of await readdir(cache)) {
    if (entry === name) options.say(`pulumi: the CLI in ${path.join(cache, name)} ${whyNot}; it is thrown away and made anew`);
    if (entry === name || entry.startsWith(`${name}.part-`)) await rm(path.join(cache, entry), { recursive: true, force: true });
  }
}

async function fill(part: string, notOnPath: string, options: SetUpOptions): Promise<"download" | "compiled"> {
  const download = await downloadPulumi(part, options);
  if (download.kind === "done") return "download";
  options.say(`pulumi: no download: ${download.why}`);
  for (const entry of await readdir(part)) await rm(path.join(part, entry), { recursive: true, force: true });
  await compilePulumi(part, [notOnPath, `no download: ${download.why}`], options);
  return "compiled";
}
