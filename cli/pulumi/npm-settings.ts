import type { Environment } from "./options.ts";

/**
 * What an `.npmrc` says about how programs are started; npm hands it on under these names, in any
 * case of letters.
 */
const STARTS_PROGRAMS = /^npm_config_(node_options|script_shell)$/i;

/**
 * True where `node-options` stands in an `.npmrc`: npm has put it in place of the user's own
 * NODE_OPTIONS.
 */
export function hasNodeOptionsOfNpm(env: Environment): boolean {
  return Object.entries(env).some(([name, value]) => /^npm_config_node_options$/i.test(name) && (value ?? "").trim() !== "");
}

/**
 * The environment without what an `.npmrc` would make of the programs that we start: npm cannot
 * tell the user's from the project's, which comes along with a commit. Without npm's hand in it,
 * NODE_OPTIONS is the user's own, and stays.
 * Source: https://github.com/npm/cli/blob/latest/workspaces/config/lib/set-envs.js
 */
export function withoutNpmSettings(env: Environment): Environment {
  const dropsNodeOptions = hasNodeOptionsOfNpm(env);
  const kept = Object.entries(env).filter(([name]) => !STARTS_PROGRAMS.test(name) && !(dropsNodeOptions && /^node_options$/i.test(name)));
  return Object.fromEntries(kept);
}
