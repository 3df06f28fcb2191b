import { isObject, type JsonObject } from "../../providers/domain/json.ts";
import { knownIn } from "../../providers/pulumi/known-in.ts";

/** What a refresh left in the state of one request. */
export interface Finding {
  readonly name: string;
  /** `unknown`: nobody can tell, and the device may be as it was. */
  readonly kind: "drifted" | "unknown";
  readonly message: string;
}

/** What a refresh found, and how many requests it looked at. */
export interface Findings {
  readonly looked: number;
  /**
   * Requests that are not finished: a refresh does not look at their devices, the next `up` does.
   */
  readonly unfinished: number;
  readonly found: readonly Finding[];
}

/** Reads the `Drifted` conditions of a state's requests, by name. */
export function findingsIn(outputs: readonly JsonObject[]): Findings {
  const requests = outputs.filter((one) => knownIn(one).length > 0);
  const finished = requests.filter(({ outcome }) => outcome === "succeeded");
  return {
    looked: finished.length,
    unfinished: requests.length - finished.length,
    found: finished.flatMap(findingOf).sort((a, b) => a.name.localeCompare(b.name, "en")),
  };
}

function findingOf({ request, conditions }: JsonObject): readonly Finding[] {
  const all: readonly unknown[] = Array.isArray(conditions) ? conditions : [];
  const drifted = all.find((one) => isObject(one) && one.type === "Drifted");
  if (!isObject(drifted) || !isObject(request) || typeof request.name !== "string" || typeof drifted.message !== "string") return [];
  const kind = drifted.status === "True" ? "drifted" : "unknown";
  return [{ name: request.name, kind, message: drifted.message }];
}
