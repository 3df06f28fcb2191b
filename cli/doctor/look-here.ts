import { readFile } from "node:fs/promises";
import path from "node:path";
import { isObject, parseJson } from "../../providers/domain/json.ts";
import { otherNode } from "../../providers/support/other-node.js";
import { systemCode } from "../../providers/support/system-code.ts";
import { count, listed } from "../../providers/support/words.ts";
import type { PulumiInstallation } from "../pulumi/ensure-pulumi.ts";
import { type Finding, missing, ok } from "./row.ts";

/** The Node that runs this. */
export async function lookAtNode(version: string): Promise<Finding> {
  const problem = otherNode(version);
  return problem === null ? ok(version) : missing(problem, "npm ci");
}

/** Whether node_modules has what package.json names, in those versions. */
export async function lookAtPackages(root: string): Promise<Finding> {
  const wanted = Object.entries(dependenciesIn(await readFile(path.join(root, "package.json"), "utf8")));
  const found = await Promise.all(wanted.map(async ([name, version]) => ((await versionOf(root, name)) === version ? [] : [name])));
  const others = found.flat();
  if (others.length === 0) return ok(count(wanted.length, "package"));
  const some = listed(others.slice(0, MOST_NAMED), "and");
  const more = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : "";
  return missing(`not as package.json says: ${some}${more}`, "npm ci");
}

const MOST_NAMED = 5;

function dependenciesIn(text: string): Readonly<Record<string, unknown>> {
  const data = parseJson(text);
  return isObject(data) && isObject(data.dependencies) ? data.dependencies : {};
}

async function versionOf(root: string, name: string): Promise<unknown> {
  try {
    const data = parseJson(await readFile(path.join(root, "node_modules", name, "package.json"), "utf8"));
    // npm takes `v1.2.3` for `1.2.3`, and some packages are published so.
    return isObject(data) && typeof data.version === "string" ? data.version.replace(/^v/, "") : null;
  } catch (error) {
    if (systemCode(error) !== null) return null;
    throw error;
  }
}

/** What was found of the CLI. */
export function lookAtPulumi(found: PulumiInstallation | null, next: string, platform: NodeJS.Platform = process.platform): Finding {
  if (found !== null) return ok(`${found.version}, ${found.command}`);
  return missing(
    "none on PATH that is new enough, and none in our cache",
    platform === "win32" ? "winget install pulumi" : `${next} (gets one)`,
  );
}
