import type { Command } from "commander";
import { printable } from "../providers/domain/diagnostic.ts";
import { EXIT_CODES } from "../providers/domain/errors.ts";
import { watched } from "../providers/domain/watch.ts";
import { didYouMean } from "../providers/support/did-you-mean.ts";
import { watchProcess } from "../providers/telemetry/process-watch.ts";
import { COMMANDS, type CommandEntry } from "./commands.ts";
import { completions } from "./completion/completions.ts";
import { COMPLETE } from "./completion/scripts.ts";
import { renderHelp } from "./support/render-help.ts";
import { orReport, runCommand } from "./support/run-command.ts";
import { swallowedOptions, tellSwallowed } from "./support/swallowed-options.ts";
import { takeVerbose } from "./support/verbose.ts";

/** `dlr COMMAND ARGS…`: the one way in to every command. Sets the exit code. */
export async function dispatch(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const [name, ...args] = argv;
  if (name === COMPLETE) return await printCompletions(args);
  if (name === undefined || name === "--help" || name === "-h") return console.log(renderHelp());
  if (name === "help") return args[0] === undefined ? console.log(renderHelp()) : await run(args[0], ["--help"], env);
  await run(name, args, env);
}

async function run(name: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const entry = COMMANDS.find((known) => known.name === name);
  if (entry === undefined) return tellUnknown(name);
  const tell = (text: string) => console.error(text);
  // What goes to Pulumi goes there unchanged.
  const verbose = name === "pulumi" ? null : takeVerbose(words, env, { isTerminal: process.stderr.isTTY, write: tell });
  const args = verbose?.args ?? words;
  const { watch, flush } = watchProcess(env, tell);
  await watched(watch, ["command", { command: name }], () =>
    orReport(async () => {
      const command = await entry.load(args);
      refuseSwallowed(entry, command, args, env);
      await runCommand(command, args);
    }),
  );
  await flush();
  verbose?.end();
}

function refuseSwallowed(entry: CommandEntry, command: Command, args: readonly string[], env: NodeJS.ProcessEnv): void {
  const swallowed = swallowedOptions(entry.name, command, args, env);
  if (swallowed.length > 0) throw tellSwallowed(entry.name, args, swallowed, env);
}

function tellUnknown(name: string): void {
  const names = COMMANDS.map((command) => command.name);
  console.error(printable(`error: there is no command ${JSON.stringify(name)}${didYouMean(name, names)}`));
  console.error("  help: dlr help lists the commands");
  process.exitCode = EXIT_CODES.wrongUse;
}

async function printCompletions(words: readonly string[]): Promise<void> {
  for (const word of await completions(words)) console.log(word);
}
