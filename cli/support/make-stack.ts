import { ConfigurationError } from "../../providers/domain/errors.ts";
import { askPulumi, type PulumiCommand } from "../pulumi/ask-pulumi.ts";
import { tailOf } from "../pulumi/run-tool.ts";
import { stackNames } from "./stack-settings.ts";

/** Makes an empty stack, and leaves the selected one selected. Throws `ConfigurationError`. */
export async function makeStack(pulumi: PulumiCommand, stack: string): Promise<void> {
  await succeed(pulumi, ["stack", "init", stack, "--no-select"], `the stack ${stack} cannot be made`);
}

/** Settings by their whole keys, in the open; others stay. Throws `ConfigurationError`. */
export async function writeSettings(pulumi: PulumiCommand, stack: string, values: Readonly<Record<string, string>>): Promise<void> {
  const pairs = Object.entries(values).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
  await succeed(pulumi, ["config", "set-all", "--stack", stack, ...pairs], `the settings of the stack ${stack} cannot be written`);
}

/** Forgets a stack's state, and keeps its settings. Throws `ConfigurationError`. */
export async function forgetStack(pulumi: PulumiCommand, stack: string): Promise<void> {
  const args = ["stack", "rm", stack, "--yes", "--force", "--preserve-config"];
  await succeed(pulumi, args, `the state of the stack ${stack} cannot be removed`);
}

/** Names of the project's stacks. Throws `ConfigurationError` where the backend does not say. */
export async function stacksOf(pulumi: PulumiCommand): Promise<readonly string[]> {
  const names = await stackNames(pulumi);
  if (names !== null) return names;
  await succeed(pulumi, ["stack", "ls"], "the backend with the stacks does not answer");
  throw new ConfigurationError("the backend's list of stacks cannot be read", { hint: BACKEND });
}

const BACKEND = "where state is kept: docs/set-up.md";

async function succeed(pulumi: PulumiCommand, args: readonly string[], otherwise: string): Promise<void> {
  const result = await askPulumi(pulumi, args);
  if (result.kind === "exited" && result.code === 0) return;
  const said = result.kind === "notStarted" ? result.code : `\n${tailOf(result.output)}`;
  throw new ConfigurationError(`${otherwise}: ${said}`, { hint: BACKEND });
}
