import type { Command } from "commander";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { dlrCommand } from "../../providers/support/dlr-command.ts";
import { shellAtHand } from "./shell-at-hand.ts";

/**
 * An option that npm took for its own: `npm run preview --stack=big` without `--`, which
 * PowerShell drops where it was typed.
 */
export interface Swallowed {
  readonly flag: string;
  /** Empty for one that stands alone. */
  readonly value: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `yes` is in the environment of many a machine, and at worst a question is asked. */
const NOT_TOLD: readonly string[] = ["--yes", "--help"];

/** Pulumi's options that change what a run does, for the commands that hand options on. */
const OF_PULUMI: readonly string[] = [
  "--stack",
  "--config-file",
  "--config",
  "--target",
  "--target-dependents",
  "--exclude",
  "--refresh",
  "--diff",
  "--parallel",
  "--skip-preview",
  "--replace",
];

/**
 * Options of this command that npm left in `npm_config_*`, where the command runs as the npm
 * script of its name and does not have them itself.
 * Source: https://docs.npmjs.com/cli/using-npm/config#environment-variables
 */
export function swallowedOptions(name: string, command: Command, args: readonly string[], env: Environment): readonly Swallowed[] {
  if (env.npm_lifecycle_event !== name) return [];
  const isHandingOn = name === "up" || name === "preview" || name === "pulumi";
  const known = new Set([...flagsOf(command), ...(isHandingOn ? OF_PULUMI : [])]);
  return [...known].flatMap((flag) => {
    const value = env[`npm_config_${flag.slice(2).replaceAll("-", "_")}`];
    const isSaid = args.some((arg) => arg === flag || arg.startsWith(`${flag}=`));
    if (value === undefined || value === "" || value === "false" || isSaid || NOT_TOLD.includes(flag)) return [];
    return [{ flag, value: value === "true" ? "" : value }];
  });
}

/** Of the commands below it too. */
function flagsOf(command: Command): readonly string[] {
  const own = command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]));
  return [...own, ...command.commands.flatMap(flagsOf)];
}

/** What npm took, and the line to type: it is our launcher that needs no `--`. */
export function tellSwallowed(
  name: string,
  args: readonly string[],
  swallowed: readonly Swallowed[],
  env: Environment,
): ConfigurationError {
  const shell = shellAtHand(env, process.platform);
  const options = swallowed.flatMap(({ flag, value }) => (value === "" ? [flag] : [flag, value]));
  const flags = swallowed.map(({ flag }) => flag).join(", ");
  return new ConfigurationError(
    `npm took ${flags} for itself, so that ${name} never saw ${swallowed.length === 1 ? "it" : "them"}; nothing was done`,
    {
      hint: `type ${dlrCommand(name, undefined, [...args, ...options], shell)} (or npm run ${name} "--" and then the same)`,
    },
  );
}
