import type { DriftFinding } from "../../domain/drift.ts";
import { LedgerError } from "../../domain/errors.ts";
import { isObject } from "../../domain/json.ts";
import { POLICY_TYPE, RESOURCE_TYPE, SHELF_TYPE } from "../../domain/project.ts";
import type { KnownRequest, KnownState } from "../../rules/known-ledger-rules.ts";
import { findingsOf } from "../drift-findings.ts";
import { knownOf } from "../known-in.ts";
import { type KnownPolicy, knownPolicyIn } from "../policy-state.ts";
import { requestsIn } from "../shelf-state.ts";

/** A request as the state holds it: a resource of its own, or one of many on a shelf. */
export interface OwnRequest extends KnownRequest {
  readonly isSucceeded: boolean;
  /** Name of its shelf; null for a resource of its own. */
  readonly shelf: string | null;
  /** What refreshes found. */
  readonly findings: readonly DriftFinding[];
}

/** The stack's own state, as far as a run asks. */
export interface OwnState extends KnownState {
  readonly requests: readonly OwnRequest[];
  readonly policies: readonly KnownPolicy[];
}

/**
 * Pulumi tells a program nothing of its own state, except by the call that reads other stacks.
 * Costs about a millisecond a resource.
 */
export async function readOwnState(): Promise<OwnState> {
  const { invoke } = await import("@pulumi/pulumi/runtime/invoke.js");
  const { hushSdk } = await import("./register-quietly.ts");
  hushSdk();
  const stackName = await fullStackName();
  try {
    const answer: unknown = await invoke("pulumi:pulumi:readStackResourceOutputs", { stackName });
    return parseOwnState(isObject(answer) ? answer.outputs : undefined);
  } catch (cause) {
    throw new LedgerError(`the state of stack ${stackName} cannot be read to hold the ledger against it; nothing was sent`, {
      hint: "run the command again; `pulumi stack export` shows whether the backend can be reached",
      cause,
    });
  }
}

/**
 * With organization and project, where the backend has organizations. One that has none says
 * "organization", and may not take that for an answer.
 */
export async function fullStackName(): Promise<string> {
  const { getOrganization, getProject, getStack } = await import("@pulumi/pulumi/metadata.js");
  const organization = getOrganization();
  return organization === "organization" ? getStack() : `${organization}/${getProject()}/${getStack()}`;
}

/** `{ URN: { type, outputs } }` */
export function parseOwnState(resources: unknown): OwnState {
  const all = isObject(resources) ? Object.values(resources).filter(isObject) : [];
  const stack = all.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs;
  return {
    requests: requestsOf(resources),
    policies: all.flatMap(({ type, outputs }) => (type === POLICY_TYPE ? knownPolicyIn(outputs) : [])),
    ledger: isObject(stack) && typeof stack.ledger === "string" ? stack.ledger : undefined,
  };
}

/**
 * A run that died after it had filled a shelf leaves requests in both places: the resource of its
 * own counts.
 */
function requestsOf(resources: unknown): readonly OwnRequest[] {
  const all = isObject(resources) ? Object.entries(resources) : [];
  const found = all.flatMap(([urn, resource]) => {
    if (!isObject(resource)) return [];
    if (resource.type === RESOURCE_TYPE) return requestsIn(resource.outputs).flatMap((one) => ownOf(one, null));
    const shelf = urn.slice(urn.lastIndexOf("::") + 2);
    return resource.type === SHELF_TYPE ? requestsIn(resource.outputs).flatMap((one) => ownOf(one, shelf)) : [];
  });
  const shelvedFirst = [...found.filter(({ shelf }) => shelf !== null), ...found.filter(({ shelf }) => shelf === null)];
  return [...new Map(shelvedFirst.map((one) => [one.key, one])).values()];
}

function ownOf(outputs: Readonly<Record<string, unknown>>, shelf: string | null): readonly OwnRequest[] {
  return knownOf(outputs).map(({ key, calls, drift }) => ({
    key,
    calls,
    // Of what stands on a shelf nothing is done anew: it is a resource of its own first.
    ...(drift === undefined || shelf !== null ? {} : { drift }),
    isSucceeded: outputs.outcome === "succeeded",
    shelf,
    findings: findingsOf(outputs),
  }));
}
