import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { GraphVersion } from "../../emulator/graph/graph-call.ts";
import { AUDIT_PATHS } from "./audit-contract.ts";

type Json = Readonly<Record<string, unknown>>;

/** Beside the project's folder; not part of the repository. */
const FOLDER = fileURLToPath(new URL("../../../shared/contract/", import.meta.url));

const FILES: Readonly<Record<GraphVersion, string>> = {
  "v1.0": "graph-v1.managed-devices.openapi.json",
  beta: "graph-beta.managed-devices.openapi.json",
};

const VERSIONS: readonly GraphVersion[] = ["v1.0", "beta"];

/** Where the published description of a version is; null where it is not at hand. */
export function contractFile(version: GraphVersion): string | null {
  const file = `${FOLDER}${FILES[version]}`;
  return existsSync(file) ? file : null;
}

/**
 * Both published descriptions of Graph as one, its paths as they are on the wire: `/v1.0/…` and
 * `/beta/…`. The versions name different types alike, so these get the version as a prefix. Null
 * where one of the files is not at hand.
 */
export function readContractDocument(): Json | null {
  const paths: Record<string, unknown> = {};
  const components: Record<string, Record<string, unknown>> = {};
  for (const version of VERSIONS) {
    const file = contractFile(version);
    if (file === null) return null;
    const text = readFileSync(file, "utf8").replaceAll(/"#\/components\/(\w+)\//g, `"#/components/$1/${version}.`);
    const document = JSON.parse(text) as { readonly paths: Json; readonly components: Readonly<Record<string, Json>> };
    for (const [path, item] of Object.entries(document.paths)) paths[`/${version}${path}`] = item;
    for (const [kind, entries] of Object.entries(document.components)) {
      const renamed = Object.entries(entries).map(([name, entry]) => [`${version}.${name}`, entry]);
      components[kind] = { ...components[kind], ...Object.fromEntries(renamed) };
    }
  }
  return { openapi: "3.0.3", info: { title: "Graph", version: "1" }, paths: { ...paths, ...AUDIT_PATHS }, components };
}
