import { rename, rm } from "node:fs/promises";
import path from "node:path";
import { cacheFolder } from "../../providers/support/cache-folder.js";
import { makeCacheFolder } from "../pulumi/cache-folder.ts";
import { findOnPath, isExecutable } from "../pulumi/find-on-path.ts";
import type { SetUpOptions } from "../pulumi/options.ts";
import { runTool } from "../pulumi/run-tool.ts";

/** A program that is compiled from `tools/NAME`, whose go.sum pins it. */
export interface GoTool {
  readonly name: string;
  readonly version: string;
  readonly package: string;
}

/** Where it is, or why it is nowhere. */
export type Found = { readonly kind: "found"; readonly command: string } | { readonly kind: "none"; readonly why: string };

/** A busy machine takes minutes: this only ends what hangs. */
const LIMIT_MS = 1_200_000;

/** From our cache; the first time it is compiled there. Where that cannot be done, the reason. */
export async function ensureGoTool({ name, version, package: main }: GoTool, options: SetUpOptions): Promise<Found> {
  const cache = cacheFolder(options.env);
  const command = path.join(cache, `${name}-${version}-${process.platform}-${process.arch}`);
  if (await isExecutable(command)) return { kind: "found", command };
  const go = await findOnPath("go", options.env);
  if (go === null) return { kind: "none", why: `${name} is not in ${cache}, and Go, which could compile it, is not on PATH` };
  await makeCacheFolder(cache);
  options.say(`compiling ${name} ${version}, once`);
  const draft = `${command}.${process.pid}`;
  const result = await runTool({
    command: go,
    args: ["build", "-trimpath", "-buildvcs=false", "-o", draft, main],
    cwd: path.join(options.root, "tools", name),
    env: { ...options.env, GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly", GOWORK: "off", CGO_ENABLED: "0" },
    limit: LIMIT_MS,
  });
  if (result.kind !== "exited" || result.code !== 0) {
    await rm(draft, { force: true });
    return { kind: "none", why: `${name} could not be compiled${result.kind === "notStarted" ? "" : `:\n${result.output.trimEnd()}`}` };
  }
  // Two at once compile the same: the second takes the place of the first.
  await rename(draft, command);
  return { kind: "found", command };
}
