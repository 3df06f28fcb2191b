import { LedgerError } from "../../domain/errors.ts";
import { isObject } from "../../domain/json.ts";
import { POLICY_TYPE, RESOURCE_TYPE } from "../../domain/project.ts";
import type { KnownState } from "../../rules/known-ledger-rules.ts";
import { knownIn } from "../known-in.ts";
import { type KnownPolicy, knownPolicyIn } from "../policy-state.ts";

/** The stack's own state, as far as a run asks. */
export interface OwnState extends KnownState {
  readonly policies: readonly KnownPolicy[];
}

/**
 * Pulumi tells a program nothing of its own state, except by the call that reads other stacks.
 * Costs about a millisecond a resource.
 */
export async function readOwnState(): Promise<OwnState> {
  const { invoke } = await import("@pulumi/pulumi/runtime/invoke.js");
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
    requests: all.flatMap(({ type, outputs }) => (type === RESOURCE_TYPE ? knownIn(outputs) : [])),
    policies: all.flatMap(({ type, outputs }) => (type === POLICY_TYPE ? knownPolicyIn(outputs) : [])),
    ledger: isObject(stack) && typeof stack.ledger === "string" ? stack.ledger : undefined,
  };
}
