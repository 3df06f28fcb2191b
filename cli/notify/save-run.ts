import { rm, writeFile } from "node:fs/promises";
import { Option } from "commander";
import { type RunFile, renderRunFile } from "../../notify/run-file.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { takeOption } from "../pulumi/take-option.ts";
import { fromCaller } from "../support/from-caller.ts";

const SAVE = "--save-run";

/** For the help of a command that has something to tell. */
export function saveRunOption(): Option {
  return new Option(`${SAVE} <FILE>`, "writes what the run has to tell: for dlr notify (docs/notifications.md)");
}

/** Takes the option out of the arguments of `up`. Throws `ConfigurationError`. */
export function takeSaveRun(args: readonly string[]): { readonly file: string | null; readonly rest: readonly string[] } {
  const { value, rest } = takeOption(args, SAVE);
  if (value === "") throw new ConfigurationError(`${SAVE} needs the name of a file`);
  return { file: value === null ? null : fromCaller("up", value), rest };
}

/** Removes what an earlier run left, so that it is not told twice. */
export async function beginRunFile(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** For its owner alone: names of people and devices stand in it. */
export async function writeRunFile(file: string, run: RunFile): Promise<void> {
  await writeFile(file, renderRunFile(run), { mode: 0o600 });
}
