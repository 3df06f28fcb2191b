import { ensurePulumi } from "./ensure-pulumi.ts";
import { pulumiEnvironment } from "./environment.ts";
import type { SetUpOptions } from "./options.ts";
import { runTool, type ToolResult } from "./run-tool.ts";

/** The CLI as a run will start it. */
export interface PulumiCommand {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  readonly root: string;
  readonly say: (line: string) => void;
}

const LIMIT_MS = 120_000;

/** The CLI for questions; found or installed as for a run. Throws `SetUpError`. */
export async function findPulumi(options: SetUpOptions): Promise<PulumiCommand> {
  const { command, pathPrefix } = await ensurePulumi(options);
  const { env, root, say } = options;
  return { command, env: pulumiEnvironment(env, pathPrefix, root), root, say };
}

/** A question to the CLI, which asks nothing back. */
export function askPulumi(pulumi: PulumiCommand, args: readonly string[]): Promise<ToolResult> {
  const all = [...args, "--non-interactive", "--color", "never"];
  return runTool({ command: pulumi.command, args: all, cwd: pulumi.root, env: pulumi.env, limit: LIMIT_MS });
}

/** The stack that a command without one takes, also by PULUMI_STACK; null when none is selected. */
export async function selectedStack(pulumi: PulumiCommand): Promise<string | null> {
  const result = await askPulumi(pulumi, ["stack", "--show-name"]);
  const name = result.kind === "exited" && result.code === 0 ? result.stdout.trim() : "";
  return name === "" ? null : name;
}
