import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { parse, YAMLError } from "yaml";
import { systemCode } from "../../providers/support/system-code.ts";
import type { Environment } from "./options.ts";

/** Each of these names a backend: an access token is one for Pulumi Cloud. */
const CHOOSING_VARIABLES = ["PULUMI_BACKEND_URL", "PULUMI_API", "PULUMI_ACCESS_TOKEN"] as const;

const UNREADABLE = "unreadable";

/**
 * Whether the user has told Pulumi where state is kept: by environment, in Pulumi.yaml, or by a
 * stored login. A file that cannot be read counts as a choice, so that Pulumi itself says what is
 * wrong with it.
 */
export function isBackendChosen(env: Environment, root: string): boolean {
  return CHOOSING_VARIABLES.some((name) => (env[name] ?? "") !== "") || isInProject(root) || isLoggedIn(env);
}

/**
 * The backend that Pulumi takes, in its own order; null where none is named, or a file that may
 * name one cannot be read.
 */
export function backendUrl(env: Environment, root: string): string | null {
  const chosen = [env.PULUMI_BACKEND_URL, projectBackend(root), storedLogin(env)].find((url) => url !== undefined && url !== "");
  return isText(chosen) && chosen !== UNREADABLE ? chosen : null;
}

function isInProject(root: string): boolean {
  return isText(projectBackend(root));
}

function isLoggedIn(env: Environment): boolean {
  return isText(storedLogin(env));
}

function projectBackend(root: string): unknown {
  const project = readData(path.join(root, "Pulumi.yaml"), parse);
  return project === UNREADABLE ? UNREADABLE : at(at(project, "backend"), "url");
}

function storedLogin(env: Environment): unknown {
  const credentials = readData(path.join(credentialsFolder(env), "credentials.json"), JSON.parse);
  return credentials === UNREADABLE ? UNREADABLE : at(credentials, "current");
}

function credentialsFolder(env: Environment): string {
  return env.PULUMI_CREDENTIALS_PATH || env.PULUMI_HOME || path.join(env.HOME || homedir(), ".pulumi");
}

function readData(file: string, read: (text: string) => unknown): unknown {
  try {
    return read(readFileSync(file, "utf8"));
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT") return null;
    if (code !== null || error instanceof SyntaxError || error instanceof YAMLError) return UNREADABLE;
    throw error;
  }
}

function at(data: unknown, key: string): unknown {
  return typeof data === "object" && data !== null && key in data ? (data as Record<string, unknown>)[key] : undefined;
}

function isText(data: unknown): data is string {
  return typeof data === "string" && data !== "";
}
