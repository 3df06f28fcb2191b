import { findOnPath } from "./find-on-path.ts";
import type { SetUpOptions } from "./options.ts";
import { runTool } from "./run-tool.ts";
import { SetUpError } from "./set-up-error.ts";
import { isAtLeast, OLDEST_GO, OLDEST_PULUMI } from "./versions.ts";

/** A Go that is new enough to compile Pulumi; `command` is its absolute path. */
export interface GoToolchain {
  readonly command: string;
  /** As `go version` says it: `go1.26.8`. */
  readonly version: string;
}

const LIMIT_MS = 30_000;

/** The Go on PATH, when it is new enough to compile the CLI. */
export async function requireGo(whyNot: readonly string[], options: SetUpOptions): Promise<GoToolchain> {
  const command = await findOnPath("go", options.env);
  if (command === null) throw noGo("Go, which could compile it, is not on PATH", whyNot);

  const result = await runTool({
    command,
    args: ["version"],
    cwd: options.root,
    env: { ...options.env, GOTOOLCHAIN: "local" },
    limit: LIMIT_MS,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const version = result.kind === "exited" && result.code === 0 ? /\bgo\d+\.\d\S*/.exec(result.stdout)?.[0] : undefined;
  if (version === undefined) throw noGo(`${command} does not tell its version`, whyNot);
  if (!isAtLeast(version, OLDEST_GO)) throw noGo(`${command} is ${version}, and compiling it needs at least ${OLDEST_GO}`, whyNot);
  return { command, version };
}

function noGo(what: string, whyNot: readonly string[]): SetUpError {
  const tried = [...whyNot, what].map((line) => `\n  - ${line}`).join("");
  return new SetUpError("machine", `no Pulumi CLI can be had:${tried}`, {
    hint: `do one of these and run this again:
    install Go >= ${OLDEST_GO}: https://go.dev/dl/ (and put its bin folder on PATH)
    install Pulumi >= ${OLDEST_PULUMI}: https://www.pulumi.com/docs/iac/download-install/
    give a slow download more time: PULUMI_DOWNLOAD_SECONDS=300 (see docs/set-up.md)`,
  });
}
