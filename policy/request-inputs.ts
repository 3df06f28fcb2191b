import { isObject } from "../providers/domain/json.ts";
import type { PlannedDevice } from "../providers/domain/plan.ts";
import { RESOURCE_TYPE } from "../providers/domain/project.ts";

/** What a policy sees of a request: inputs of its resource, as docs/outputs.md names them. */
export interface RequestInputs {
  readonly name: string;
  /** `file:line` of the request. */
  readonly source: string;
  readonly ticket: string | null;
  /** `YYYY-MM-DD`, or null. */
  readonly expires: string | null;
  /** Null for a request with steps of its own. */
  readonly playbook: string | null;
  readonly destructive: boolean;
  readonly device: Pick<PlannedDevice, "id" | "serialNumber">;
}

/** A resource as the engine shows it to policies. */
export interface ShownResource {
  readonly type: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/**
 * Null for resources of other types, and for requests that are begun: what was reviewed and started
 * goes on under the rules of that day. Throws `TypeError` for inputs in another form, so that no
 * rule is passed by in silence.
 */
export function requestInputs({ type, props }: ShownResource): RequestInputs | null {
  if (type !== RESOURCE_TYPE || props.begun === true) return null;
  const { request, device, ticket, expires, playbook, destructive } = props;
  if (!isObject(request) || !isObject(device) || typeof destructive !== "boolean") throw otherForm("request, device or destructive");
  const { name, source } = request;
  const { id, serialNumber } = device;
  if (typeof name !== "string" || typeof source !== "string" || typeof id !== "string") throw otherForm("name, source or device.id");
  return {
    name,
    source,
    ticket: textOrNull(ticket, "ticket"),
    expires: textOrNull(expires, "expires"),
    playbook: textOrNull(playbook, "playbook"),
    destructive,
    device: { id, serialNumber: textOrNull(serialNumber, "device.serialNumber") },
  };
}

/** Engines leave a null input out. */
function textOrNull(value: unknown, name: string): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== "string") throw otherForm(name);
  return value;
}

function otherForm(name: string): TypeError {
  return new TypeError(`the inputs of a device lifecycle request have another form than these policies know: ${name}`);
}
