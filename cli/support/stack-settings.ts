import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { isObject, parseJson } from "../../providers/domain/json.ts";
import { PROJECT } from "../../providers/domain/project.ts";
import { parseConfiguration, type Settings } from "../../providers/pulumi/settings.ts";
import { didYouMean } from "../../providers/support/did-you-mean.ts";
import { pulumiCommand } from "../../providers/support/dlr-command.ts";
import { listed } from "../../providers/support/words.ts";
import { askPulumi, type PulumiCommand, selectedStack } from "../pulumi/ask-pulumi.ts";
import { bytesOf, stacksIn, stateFiles } from "../pulumi/recovery/state-file.ts";
import { placeOf, stateFolder } from "../pulumi/recovery/state-folder.ts";
import { type ToolResult, tailOf } from "../pulumi/run-tool.ts";
import { plainSettings } from "./plain-settings.ts";
import { shellAtHand } from "./shell-at-hand.ts";

/**
 * The settings of a stack as Pulumi reads them: its own file and the project's, secrets opened,
 * environments included.
 */
export interface StackSettings {
  /** As it was named, or as Pulumi names the selected one. */
  readonly stack: string;
  /** The project's name in Pulumi.yaml. */
  readonly project: string;
  /** By whole key: `device-lifecycle:ledger` → `file:ledger`. */
  readonly values: Readonly<Record<string, string>>;
  /** Values that nobody may be shown. */
  readonly secrets: readonly string[];
  /** Whole keys whose secret values could not be opened, and what Pulumi said. */
  readonly unseen: { readonly keys: readonly string[]; readonly why: string };
}

/**
 * Asks Pulumi for the settings of the stack that is named, else of the selected one. `file`
 * stands in for the stack's own file. Secrets that Pulumi does not open without asking for a
 * passphrase stay unseen. Throws `ConfigurationError` where there is no such stack, none is
 * selected, or nothing can be read.
 */
export async function readStackSettings(pulumi: PulumiCommand, named: string | undefined, file?: string): Promise<StackSettings> {
  const stack = named ?? (await selectedStack(pulumi));
  if (stack === null) throw noStack(await stackNames(pulumi), await (await torn()).tornStacks(pulumi));
  const plain = await readPlain(pulumi, stack, file);
  if (plain !== null) return { stack, ...plain, secrets: [], unseen: { keys: [], why: "" } };
  const ask = (...how: readonly string[]) =>
    askPulumi(pulumi, ["config", ...how, "--json", "--stack", stack, ...(file === undefined ? [] : ["--config-file", file])]);
  const opened = await ask("--show-secrets");
  const values = valuesIn(opened);
  if (values !== null) return { stack, project: await projectName(pulumi.root), ...values, unseen: { keys: [], why: "" } };
  // The brake has to work whatever became of a state.
  if ((await (await torn()).tornStateOf(stack, pulumi))?.note) {
    const { withStandIn } = await import("../pulumi/recovery/stand-in-backend.ts");
    return withStandIn(stack, pulumi, (standIn) => readStackSettings(standIn, stack, file));
  }
  const names = await stackNames(pulumi);
  if (names !== null && !names.some((name) => isSameStack(name, stack))) throw unknownStack(stack, names);
  const closed = valuesIn(await ask());
  if (closed === null)
    throw new ConfigurationError(`the settings of the stack ${stack} cannot be read${saidBy(opened)}`, { hint: NAME_PLACES });
  return { stack, project: await projectName(pulumi.root), ...closed, unseen: { keys: closed.closedKeys, why: saidBy(opened) } };
}

/**
 * The settings of a stack of a file backend, where its files say all and leave no doubt; null for
 * any other, and for a stack that is not there: Pulumi knows. To ask it costs a start of its own.
 */
async function readPlain(
  pulumi: PulumiCommand,
  stack: string,
  file: string | undefined,
): Promise<Pick<StackSettings, "project" | "values"> | null> {
  const folder = stateFolder(pulumi);
  const place = placeOf(stack);
  if (folder === null || (await stateFiles(folder, place)).length === 0) return null;
  const own = path.resolve(pulumi.root, file ?? `Pulumi.${place.name}.yaml`);
  const [stackFile, projectFile] = await Promise.all([own, path.join(pulumi.root, "Pulumi.yaml")].map(bytesOf));
  if (!stackFile || !projectFile) return null;
  const projectText = projectFile.toString("utf8");
  const project = nameIn(projectText);
  const values = place.project === project ? plainSettings(stackFile.toString("utf8"), projectText) : null;
  return values === null ? null : { project, values };
}

/** Loaded where something is wrong: every command about a stack loads this file. */
function torn(): Promise<typeof import("../pulumi/recovery/torn-state.ts")> {
  return import("../pulumi/recovery/torn-state.ts");
}

const NAME_PLACES = "put right what Pulumi says, or name the place itself: --ledger PLACE (--escrow PLACE for readers and secrets)";

/** What it printed to stdout may hold secrets. */
function saidBy(result: ToolResult): string {
  if (result.kind === "notStarted") return `: ${result.code}`;
  return result.kind === "killed" || result.stdout !== "" ? "" : `:\n${tailOf(result.output)}`;
}

/** Names of the project's stacks; null where the backend does not say. */
export async function stackNames(pulumi: PulumiCommand): Promise<readonly string[] | null> {
  const result = await askPulumi(pulumi, ["stack", "ls", "--json"]);
  const list = result.kind === "exited" && result.code === 0 ? parseJson(result.stdout) : null;
  if (!Array.isArray(list)) return await namesBesideTorn(pulumi);
  return list.flatMap((item) => (isObject(item) && typeof item.name === "string" ? [item.name] : []));
}

/** `ORGANIZATION/PROJECT/NAME` and `ORGANIZATION/NAME` may stand for `NAME`. */
export function isSameStack(one: string, other: string): boolean {
  return one.slice(one.lastIndexOf("/") + 1) === other.slice(other.lastIndexOf("/") + 1);
}

/**
 * The settings checked as the program checks them. Throws `ConfigurationError` that tells all
 * mistakes, and no secret.
 */
export function checkedSettings({ stack, project, values, secrets }: StackSettings): Settings {
  try {
    return parseConfiguration(values, { project, stack });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(withoutSecrets(error.message, secrets), { hint: withoutSecrets(error.hint, secrets) });
  }
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
}

interface Values extends Pick<StackSettings, "values" | "secrets"> {
  readonly closedKeys: readonly string[];
}

function valuesIn(result: ToolResult): Values | null {
  const data = result.kind === "exited" && result.code === 0 ? parseJson(result.stdout) : null;
  if (!isObject(data)) return null;
  const entries = Object.entries(data).flatMap(([key, entry]) =>
    isObject(entry) ? [{ key, value: entry.value, isSecret: entry.secret === true }] : [],
  );
  const open = entries.flatMap(({ key, value, isSecret }) => (typeof value === "string" ? [{ key, value, isSecret }] : []));
  return {
    values: Object.fromEntries(open.map(({ key, value }) => [key, value])),
    secrets: open.filter(({ value, isSecret }) => isSecret && value !== "").map(({ value }) => value),
    closedKeys: entries.filter(({ value }) => typeof value !== "string").map(({ key }) => key),
  };
}

/** The name in Pulumi.yaml: Pulumi puts settings without a namespace under it. */
export async function projectName(root: string): Promise<string> {
  return nameIn(await readFile(path.join(root, "Pulumi.yaml"), "utf8"));
}

function nameIn(text: string): string {
  const project: unknown = parse(text);
  return isObject(project) && typeof project.name === "string" ? project.name : PROJECT;
}

/** One torn state keeps Pulumi from listing any. */
async function namesBesideTorn(pulumi: PulumiCommand): Promise<readonly string[] | null> {
  const folder = stateFolder(pulumi);
  if (folder === null || (await (await torn()).tornStacks(pulumi)).length === 0) return null;
  return await stacksIn(folder, PROJECT);
}

function noStack(names: readonly string[] | null, torn: readonly string[]): ConfigurationError {
  const why =
    torn.length === 0 ? "none is selected" : `the selected one cannot be told while the state of ${listed(torn, "and")} cannot be read`;
  return new ConfigurationError(`no stack is named, and ${why}`, { hint: `name one behind the command; ${stacksHint(names)}` });
}

function unknownStack(stack: string, names: readonly string[]): ConfigurationError {
  const hint = `${stacksHint(names)}; a new one is made on purpose only: ${typed("stack", "init", stack)}`;
  return new ConfigurationError(`there is no stack ${JSON.stringify(stack)}${didYouMean(stack, names)}`, { hint });
}

function typed(...words: readonly string[]): string {
  return pulumiCommand(words, undefined, shellAtHand(process.env, process.platform));
}

function stacksHint(names: readonly string[] | null): string {
  if (names === null) return `${typed("stack", "ls")} lists them`;
  return names.length === 0 ? "there are no stacks yet" : `there ${names.length === 1 ? "is" : "are"} ${listed(names, "and")}`;
}
