import { isObject } from "../domain/json.ts";
import { requestKey } from "../domain/request.ts";

/** What the stack's state held when this run began: a second memory beside the ledger, in another place. */
export interface OwnState {
  /** Keys of the requests that state has an outcome of. */
  readonly keys: readonly string[];
  /** The ledger that the last run used, by its stack output; undefined where there was none. */
  readonly ledger: string | undefined;
}

/** Pulumi tells a program nothing of its own state, except by the call that reads other stacks. Costs about a millisecond a resource. */
export async function readOwnState(): Promise<OwnState> {
  const { getOrganization, getProject, getStack } = await import("@pulumi/pulumi/metadata.js");
  const { invoke } = await import("@pulumi/pulumi/runtime/invoke.js");
  const stackName = `${getOrganization()}/${getProject()}/${getStack()}`;
  const answer: unknown = await invoke("pulumi:pulumi:readStackResourceOutputs", { stackName });
  return parseOwnState(isObject(answer) ? answer.outputs : undefined);
}

/** `{ URN: { type, outputs } }` */
export function parseOwnState(resources: unknown): OwnState {
  const all = isObject(resources) ? Object.values(resources).filter(isObject) : [];
  const stack = all.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs;
  return {
    keys: all.flatMap(({ type, outputs }) => (type === "pulumi-nodejs:dynamic/intune:DeviceLifecycle" ? keysIn(outputs) : [])),
    ledger: isObject(stack) && typeof stack.ledger === "string" ? stack.ledger : undefined,
  };
}

function keysIn(outputs: unknown): readonly string[] {
  const request = isObject(outputs) ? outputs.request : undefined;
  if (!isObject(request) || typeof request.name !== "string" || typeof request.generation !== "number") return [];
  return [requestKey({ name: request.name, generation: request.generation })];
}
