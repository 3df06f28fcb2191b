import { printable } from "../../domain/diagnostic.ts";
import { DRIFTS, type DriftFinding, type DriftWeight } from "../../domain/drift.ts";
import type { LifecycleRequest } from "../../domain/request.ts";
import { mendable, openFindings } from "../drift-findings.ts";

const WORDS: Readonly<Record<DriftWeight, string>> = { drift: "drifted", notice: "note", unknown: "drift unknown" };

/**
 * What the last refresh found of a request, for people: from state alone, without Graph. With
 * `onDrift: repeat` it says which steps are done anew. That a right is missing is told by `dlr
 * drift`, and not by each preview.
 */
export function driftWarnings(outputs: object, { onDrift, steps }: Pick<LifecycleRequest, "onDrift" | "steps">): readonly string[] {
  const repeated = onDrift === "repeat" ? mendable(outputs) : [];
  const names = steps.map(({ action }) => action).join(", ");
  return openFindings(outputs)
    .filter(({ kind }) => kind !== "SecretNotLookedAt")
    .map((finding) => printable(`${textOf(finding)}${repeated.includes(finding) ? `; onDrift: repeat does anew: ${names}` : ""}`));
}

function textOf({ kind, message, firstSeen }: DriftFinding): string {
  return `${WORDS[DRIFTS[kind].weight]}: ${message} (since ${firstSeen})`;
}
