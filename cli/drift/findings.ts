import type { JsonObject } from "../../providers/domain/json.ts";
import { knownOf } from "../../providers/pulumi/known-in.ts";
import { requestName, requestsOfState } from "../../providers/pulumi/shelf-state.ts";
import { type Finding, findingsOfRequest } from "../support/drift-rows.ts";

/** What a refresh found, and how many requests it looked at. `--json` prints it. */
export interface Findings {
  readonly looked: number;
  /** Requests that go on: the next `up` does what is left. */
  readonly unfinished: number;
  /** Names of requests that this refresh saw the end of. */
  readonly ended: readonly string[];
  readonly found: readonly Finding[];
}

/**
 * Reads the findings out of a state's outputs, by name. `before`: the outputs before the refresh,
 * null where they could not be read.
 */
export function findingsIn(outputs: readonly JsonObject[], before: readonly JsonObject[] | null = null): Findings {
  const requests = requestsOfState(outputs).filter((one) => knownOf(one).length > 0);
  const finished = requests.filter(({ outcome }) => outcome === "succeeded");
  const wereOpen = new Set(
    requestsOfState(before ?? [])
      .filter(({ outcome }) => outcome !== "succeeded")
      .flatMap(keysOf),
  );
  return {
    looked: finished.length,
    unfinished: requests.length - finished.length,
    ended: finished.filter((one) => keysOf(one).some((key) => wereOpen.has(key))).map(nameOf),
    found: finished.flatMap((one) => findingsOfRequest(nameOf(one), one)).sort((a, b) => a.name.localeCompare(b.name, "en")),
  };
}

type Outputs = Readonly<Record<string, unknown>>;

function keysOf(outputs: Outputs): readonly string[] {
  return knownOf(outputs).map(({ key }) => key);
}

function nameOf(outputs: Outputs): string {
  return requestName(outputs) ?? "";
}
