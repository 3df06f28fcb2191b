import { readdir } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
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
    .description("Checks the workflows with actionlint: https://github.com/rhysd/actionlint")
    .action(async () => {
      const tool = await ensureGoTool(ACTIONLINT, { env: process.env, root: PROJECT_FOLDER, say: (line) => console.error(line) });
      if (tool.kind === "none") return console.error(`workflows are not checked: ${tool.why}`);
      const files = (await readdir(FOLDER)).filter((name) => name.endsWith(".yml")).map((name) => path.join(FOLDER, name));
      const result = await runTool({ command: tool.command, args: [...ALONE, ...files], cwd: PROJECT_FOLDER, env: process.env });
      if (result.kind === "exited" && result.code === 0) return;
      console.error(result.kind === "notStarted" ? `${tool.command} cannot be started` : result.output.trimEnd());
      process.exitCode = 1;
    }),
);
