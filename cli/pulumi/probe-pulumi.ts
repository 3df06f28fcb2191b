import path from "node:path";
import { keepVersion, knownVersion } from "./known-version.ts";
import type { Environment } from "./options.ts";
import { runTool, type ToolResult } from "./run-tool.ts";
import { SetUpError } from "./set-up-error.ts";
import { parseVersion } from "./versions.ts";

/** `broken` is for people: the file is there and does not start, or tells no version. */
export type Probe = { readonly kind: "works"; readonly version: string } | { readonly kind: "broken"; readonly why: string };

const LIMIT_MS = 30_000;
/** The machine's trouble and not the binary's: never a reason to throw an installation away. */
const MACHINE_TROUBLE: readonly string[] = ["EAGAIN", "ENOMEM", "EMFILE", "ENFILE"];

/** Whether a `pulumi` works, and its version. One that told it before is not started again. */
export async function probePulumi(command: string, env: Environment, signal?: AbortSignal): Promise<Probe> {
  const known = await knownVersion(command, env);
  if (known !== null && parseVersion(known) !== null) return { kind: "works", version: known };
  const probe = await askVersion(command, env, signal);
  if (probe.kind === "works") await keepVersion(command, probe.version, env);
  return probe;
}

async function askVersion(command: string, env: Environment, signal?: AbortSignal): Promise<Probe> {
  const result = await runTool({
    command,
    args: ["version"],
    cwd: path.dirname(command),
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    limit: LIMIT_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  return judge(command, result);
}

function judge(command: string, result: ToolResult): Probe {
  switch (result.kind) {
    case "notStarted":
      if (MACHINE_TROUBLE.includes(result.code)) {
        throw new SetUpError("machine", `${command} cannot be started: ${result.code}`, {
          hint: "the machine is short of memory, processes or open files; try again when it is less busy",
          cause: result.cause,
        });
      }
      return { kind: "broken", why: `cannot be started (${result.code})` };
    case "killed":
      return { kind: "broken", why: `was ended by ${result.signal} when asked for its version` };
    case "exited": {
      if (result.code !== 0) return { kind: "broken", why: `ends with exit code ${result.code} when asked for its version` };
      const version = parseVersion(result.stdout);
      return version === null ? { kind: "broken", why: "does not tell its version" } : { kind: "works", version: version.join(".") };
    }
  }
}
