import { readdir } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import { isCi } from "../providers/support/ci.ts";
import { runTool } from "./pulumi/run-tool.ts";
import { ensureGoTool } from "./support/go-tool.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";
import { runCommand } from "./support/run-command.ts";

const FOLDER = path.join(PROJECT_FOLDER, ".github", "workflows");

const ACTIONLINT = { name: "actionlint", version: "1.7.12", package: "github.com/rhysd/actionlint/cmd/actionlint" } as const;

/** Of other tools that happen to be on a machine nothing depends. */
const ALONE = ["-shellcheck=", "-pyflakes=", "-no-color"];

await runCommand(
  new Command("node cli/lint-workflows.ts")
    .description("Checks the workflows with actionlint (https://github.com/rhysd/actionlint), which Go compiles the first time.")
    .argument("[FILES...]", "workflows (default: those of .github/workflows)")
    .addHelpText("after", "\nExit codes: 0 fine, and where the tool cannot be had, but for CI; 1 they are wrong, or are not checked in CI.")
    .action(async (files: readonly string[]) => {
      const tool = await ensureGoTool(ACTIONLINT, { env: process.env, root: PROJECT_FOLDER, say: (line) => console.error(line) });
      if (tool.kind === "none") return skip(tool.why);
      const checked = files.length > 0 ? files.map((file) => path.resolve(file)) : await allWorkflows();
      const result = await runTool({ command: tool.command, args: [...ALONE, ...checked], cwd: PROJECT_FOLDER, env: process.env });
      if (result.kind === "exited" && result.code === 0) return;
      console.error(result.kind === "notStarted" ? `${tool.command} cannot be started` : result.output.trimEnd());
      process.exitCode = 1;
    }),
);

async function allWorkflows(): Promise<readonly string[]> {
  return (await readdir(FOLDER)).filter((name) => name.endsWith(".yml")).map((name) => path.join(FOLDER, name));
}

/** A person without Go goes on, and CI is asked; in CI nobody would be. */
function skip(why: string): void {
  const inCi = isCi(process.env);
  console.error(`the workflows are not checked: ${why}${inCi ? "" : "; CI checks them (https://go.dev/dl/ has Go)"}`);
  if (inCi) process.exitCode = 1;
}
