import { mkdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { compiledFolder } from "../../providers/support/cache-folder.js";
import { isBackendChosen } from "./backend-choice.ts";
import { engineHome } from "./engine-home.ts";
import { pathVariable } from "./find-on-path.ts";
import { withoutNpmSettings } from "./npm-settings.ts";
import type { Environment } from "./options.ts";

/**
 * Known to everyone: it protects nothing, and is used only for stacks in the project's own state
 * folder.
 */
export const DEMO_PASSPHRASE = "device-lifecycle-demo";
const STATE_FOLDER = ".pulumi-state";
/**
 * Pulumi then writes no notes beside its files, which it needs for nothing: a killed run can tear
 * such a note, and nothing else (recovery/torn-state.ts).
 */
const WITHOUT_NOTES = "?metadata=skip";

/**
 * The largest number that the engine knows, which it takes for "no limit". Its own default counts
 * processors; a request holds its resource as long as it waits for its device, and another that
 * finds none free is not sent. What is done at once our provider limits itself.
 */
const UNLIMITED = String(2 ** 31 - 1);

/**
 * What the Pulumi CLI, its language host and its providers run with. Where the user has chosen no
 * backend, state is kept in the project's folder, which is made here. What the user has set stays
 * as it is, except that Node 24 and the CLI's folder go first on PATH, and that no `.npmrc` says
 * how Node is started.
 */
export function pulumiEnvironment(env: Environment, pathPrefix: string | null, root: string): Record<string, string> {
  return { ...loginEnvironment(env, pathPrefix, root), ...projectBackend(env, root) };
}

/**
 * The same without a backend of ours, for `login` and `logout`, which are about the user's choice
 * of one: with ours in the environment, `login` would store this project's folder as the backend of
 * all the user's projects.
 */
export function loginEnvironment(env: Environment, pathPrefix: string | null, root: string): Record<string, string> {
  const compiled = compiledFolder(env);
  const defaults = {
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_PARALLEL: UNLIMITED,
    ...(compiled === null ? {} : { NODE_COMPILE_CACHE: compiled }),
  };
  const users = defined(withoutNpmSettings(env));
  return { ...defaults, ...engineHome(env), ...users, NODE_OPTIONS: nodeOptions(users), PATH: pathOf(env, pathPrefix, root) };
}

const LIGHTEN_PROGRAM = path.resolve(import.meta.dirname, "../../providers/pulumi/host/lighten-program.cjs");

/**
 * Megabytes that Node fills with new things before it clears them up, for the program; our provider
 * is started with the same. Its own 16, three times over, are a third of the memory of a run, and
 * as slow.
 */
const YOUNG_MEMORY = "--max-semi-space-size=2";

/**
 * Node reads them as a shell would: quoted, with backslashes doubled. Of two that differ the last
 * counts, so that the user's come behind what is only a default.
 */
function nodeOptions({ NODE_OPTIONS: users = "" }: Readonly<Record<string, string>>): string {
  return [YOUNG_MEMORY, users, `--require=${JSON.stringify(LIGHTEN_PROGRAM)}`].filter((option) => option !== "").join(" ");
}

function projectBackend(env: Environment, root: string): Record<string, string> {
  if (isBackendChosen(env, root)) return {};
  const folder = path.join(root, STATE_FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const hasPassphrase = env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  return {
    PULUMI_BACKEND_URL: `${pathToFileURL(folder).href}${WITHOUT_NOTES}`,
    ...(hasPassphrase ? {} : { PULUMI_CONFIG_PASSPHRASE: DEMO_PASSPHRASE }),
  };
}

/**
 * node_modules/.bin holds the Node that runs the programs; npm puts it there by itself, other ways
 * of starting us do not.
 */
function pathOf(env: Environment, pathPrefix: string | null, root: string): string {
  const first = [...(pathPrefix === null ? [] : [pathPrefix]), path.join(root, "node_modules", ".bin")];
  const rest = pathVariable(env)
    .split(path.delimiter)
    .filter((folder) => !first.includes(folder));
  return [...first, ...rest].join(path.delimiter);
}

function defined(env: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
