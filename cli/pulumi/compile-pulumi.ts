import path from "node:path";
import { requireGo } from "./go-toolchain.ts";
import { LANGUAGE_HOST_FILE, writeLaunchers } from "./launchers.ts";
import type { Environment, SetUpOptions } from "./options.ts";
import { withProgress } from "./progress.ts";
import { runTool, tailOf } from "./run-tool.ts";
import { SetUpError } from "./set-up-error.ts";
import { spaceNote } from "./space-note.ts";
import { PULUMI_VERSION } from "./versions.ts";

interface Build {
  /** Folder of go.mod and go.sum, from the project's. */
  readonly module: string;
  readonly package: string;
  readonly file: string;
  readonly what: string;
  readonly expected: string;
}

const BUILDS: readonly Build[] = [
  {
    module: "tools/pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    file: "pulumi",
    what: `compiling the Pulumi CLI ${PULUMI_VERSION}`,
    expected: "once; 4 to 12 minutes",
  },
  {
    module: "tools/pulumi-language-nodejs",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    file: LANGUAGE_HOST_FILE,
    what: "compiling its host for Node programs",
    expected: "half a minute",
  },
];

const LINKER_FLAGS = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI_VERSION}`;

/**
 * Compiles the CLI and the host of Node programs from their Go modules into a folder. `whyNot`
 * lists what was tried before, for the error when this cannot be done either.
 */
export async function compilePulumi(folder: string, whyNot: readonly string[], options: SetUpOptions): Promise<void> {
  const go = await requireGo(whyNot, options);
  const env = goEnvironment(options.env);
  options.say(`pulumi: compiling it with ${go.version} instead`);

  await withProgress(options.say, { what: "fetching the Go modules of the Pulumi CLI", expected: "up to a minute" }, async () => {
    for (const build of BUILDS) await runGo({ go: go.command, args: ["mod", "download"], env }, build, options);
  });
  for (const build of BUILDS) {
    const target = path.join(folder, build.file);
    const args = ["build", "-trimpath", "-buildvcs=false", "-ldflags", LINKER_FLAGS, "-o", target, build.package];
    await withProgress(options.say, { what: build.what, expected: build.expected }, () =>
      runGo({ go: go.command, args, env }, build, options),
    );
  }
  await writeLaunchers(folder);
}

/**
 * Only what our go.mod and go.sum say: no other toolchain, workspace, target or flags of the
 * user's.
 */
function goEnvironment(env: Environment): Environment {
  const { GOOS: _os, GOARCH: _arch, ...rest } = env;
  return { ...rest, GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly", GOWORK: "off", GO111MODULE: "on", CGO_ENABLED: "0" };
}

interface GoCall {
  /** Path of the `go` command. */
  readonly go: string;
  readonly args: readonly string[];
  readonly env: Environment;
}

async function runGo({ go, args, env }: GoCall, build: Build, options: SetUpOptions): Promise<void> {
  const result = await runTool({
    command: go,
    args,
    cwd: path.join(options.root, build.module),
    env,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (result.kind === "exited" && result.code === 0) return;

  const isFetch = args[0] === "mod";
  const what = isFetch ? "the Go modules of the Pulumi CLI could not be fetched" : `${build.what} failed`;
  const output = result.kind === "notStarted" ? `  | ${go} cannot be started (${result.code})` : tailOf(result.output);
  const killed = result.kind === "killed" ? ` (go was ended by ${result.signal}; it needs about 3 GB of memory)` : "";
  const space = await spaceNote(go, env, options);
  if (space !== null) throw new SetUpError("machine", `${what}: ${space}\n${output}`, { hint: "free about 4 GB there and run this again" });
  throw new SetUpError("service", `${what}${killed}\n${output}`, {
    hint: isFetch
      ? "`go env GOPROXY` says where Go fetches modules; that must be reachable, or install Pulumi by hand: https://www.pulumi.com/docs/iac/download-install/"
      : "run this again, or install Pulumi by hand: https://www.pulumi.com/docs/iac/download-install/",
  });
}
