import { hash } from "node:crypto";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { cacheFolder } from "../../providers/support/cache-folder.js";
import { systemCode } from "../../providers/support/system-code.ts";
import type { Environment } from "./options.ts";

/** What the engine keeps in its home and looks for there; made where it is not there yet. */
const KEPT = ["workspaces", "plugins", "templates"] as const;

const LOG = "logs";
const WHY = `The Pulumi engine writes a log of all that it does, devices' names included, into a folder of this name.
This file keeps it from that: it costs a third of the time of a large run, and stays for a week.
For a log of one command: dlr pulumi up --logflow --logtostderr -v=9
`;

/**
 * A home for the engine in which it can write no log of its own: our cache has one whose entries
 * lead to the user's, and a file in place of the log's folder. The login stays where it is. Empty
 * where the user has chosen a home, or where the system makes no such links.
 */
export function engineHome(env: Environment): Record<string, string> {
  if (env.PULUMI_HOME !== undefined) return {};
  const users = path.join(env.HOME ?? homedir(), ".pulumi");
  const ours = path.join(cacheFolder(env), "engine-home", hash("sha256", users).slice(0, 16));
  try {
    for (const name of KEPT) mkdirSync(path.join(users, name), { recursive: true, mode: 0o700 });
    mkdirSync(ours, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(users)) if (name !== LOG && name !== "credentials.json") link(users, ours, name);
    writeFileSync(path.join(ours, LOG), WHY);
  } catch (error) {
    // Only slower without it: a folder that cannot be written, or Windows without the right to
    // link.
    if (systemCode(error) !== null) return {};
    throw error;
  }
  return { PULUMI_HOME: ours, PULUMI_CREDENTIALS_PATH: env.PULUMI_CREDENTIALS_PATH ?? users };
}

/**
 * A link that is there is the right one: ours is named for the user's. A cache may be shared, or
 * come back on a runner where the user's home lies elsewhere.
 */
function link(from: string, to: string, name: string): void {
  try {
    symlinkSync(path.join(from, name), path.join(to, name), "junction");
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
  }
}
