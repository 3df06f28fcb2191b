import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { printable, printableLines } from "../../providers/domain/diagnostic.ts";
import { DRIFTS } from "../../providers/domain/drift.ts";
import { isObject, parseJson } from "../../providers/domain/json.ts";
import { openFindings } from "../../providers/pulumi/drift-findings.ts";
import { knownOf } from "../../providers/pulumi/known-in.ts";
import { requestsOfState } from "../../providers/pulumi/shelf-state.ts";
import { askPulumi, type PulumiCommand } from "../pulumi/ask-pulumi.ts";
import { tornError } from "../pulumi/recovery/refuse-torn.ts";
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
    const torn = await tornError(stack, pulumi);
    const output = result.kind === "notStarted" ? result.code : tailOf(result.output);
    pulumi.say(
      torn === null
        ? `${printable(`the state of ${stack} cannot be read, and drift is not shown:`)}\n${output}`
        : printableLines(`${torn.message}; drift is not shown\n  help: ${torn.hint}`),
    );
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
  return new Map(requestsOfState(resources.map((resource) => (isObject(resource) ? resource.outputs : null))).flatMap(driftOf));
}

function driftOf(outputs: Readonly<Record<string, unknown>>): readonly (readonly [string, Drift])[] {
  const worst = openFindings(outputs).find(({ kind }) => DRIFTS[kind].weight !== "notice");
  if (worst === undefined) return [];
  const { kind, message, firstSeen: since } = worst;
  return knownOf(outputs).map(({ key }) => [key, { status: DRIFTS[kind].weight === "drift" ? "drifted" : "unknown", message, since }]);
}
