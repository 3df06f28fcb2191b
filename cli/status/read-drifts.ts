import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { printable } from "../../providers/domain/diagnostic.ts";
import { isObject, parseJson } from "../../providers/domain/json.ts";
import { requestKey } from "../../providers/domain/request.ts";
import { askPulumi, type PulumiCommand } from "../pulumi/ask-pulumi.ts";
import { tailOf } from "../pulumi/run-tool.ts";

/** What the last `refresh` found of a device after its request was done. */
export interface Drift {
  /** `unknown` where nobody could tell. */
  readonly status: "drifted" | "unknown";
  readonly message: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/**
 * What only the stack's state knows of its requests, by `NAME#generation`. A state that cannot be
 * read is told, and has none: what was done is in the ledger.
 */
export async function readDrifts(stack: string, pulumi: PulumiCommand): Promise<ReadonlyMap<string, Drift>> {
  const folder = await mkdtemp(path.join(tmpdir(), "device-lifecycle-state-"));
  const file = path.join(folder, "state.json");
  try {
    const result = await askPulumi(pulumi, ["stack", "export", "--stack", stack, "--file", file]);
    if (result.kind === "exited" && result.code === 0) return driftsIn(await readFile(file, "utf8"));
    const output = result.kind === "notStarted" ? result.code : tailOf(result.output);
    pulumi.say(`${printable(`the state of ${stack} cannot be read, and drift is not shown:`)}\n${output}`);
    return new Map();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `text`: what `pulumi stack export` writes. */
export function driftsIn(text: string): ReadonlyMap<string, Drift> {
  const data = parseJson(text);
  const deployment = isObject(data) && isObject(data.deployment) ? data.deployment : {};
  const resources: readonly unknown[] = Array.isArray(deployment.resources) ? deployment.resources : [];
  return new Map(resources.flatMap((resource) => (isObject(resource) && isObject(resource.outputs) ? driftOf(resource.outputs) : [])));
}

function driftOf({ request, conditions }: Readonly<Record<string, unknown>>): readonly (readonly [string, Drift])[] {
  if (!isObject(request) || typeof request.name !== "string" || typeof request.generation !== "number") return [];
  const list: readonly unknown[] = Array.isArray(conditions) ? conditions : [];
  const found = list.filter(isObject).find(({ type }) => type === "Drifted");
  if (found === undefined) return [];
  const key = requestKey({ name: request.name, generation: request.generation });
  const status = found.status === "True" ? "drifted" : "unknown";
  return [[key, { status, message: String(found.message), since: String(found.lastTransitionTime) }]];
}
