import { isObject, parseJson } from "../../providers/domain/json.ts";
import { RESOURCE_TYPE, SHELF_TYPE } from "../../providers/domain/project.ts";
import { requestsIn } from "../../providers/pulumi/shelf-state.ts";

/** An object of the log, of any shape. */
export type Data = Readonly<Record<string, unknown>>;

/** What the engine tells of a run, as far as it is shown. `name` is a request's; null otherwise. */
export type EngineEvent =
  | { readonly kind: "diagnostic"; readonly severity: string; readonly name: string | null; readonly text: string }
  | { readonly kind: "policy"; readonly isMandatory: boolean; readonly name: string | null; readonly text: string }
  | { readonly kind: "begins"; readonly name: string; readonly op: string }
  | { readonly kind: "ended"; readonly name: string; readonly op: string; readonly outputs: Data }
  | { readonly kind: "broke"; readonly name: string }
  /** A shelf: `held` are the outputs of the requests that stood on it before. */
  | { readonly kind: "shelfBegins"; readonly shelf: string; readonly op: string; readonly held: readonly Data[] }
  | { readonly kind: "shelfEnded"; readonly op: string; readonly requests: readonly Data[] }
  | { readonly kind: "outputs"; readonly requests: Readonly<Record<string, string>> };

const OF_STACKS = "pulumi:pulumi:Stack";

/**
 * One line of the engine's event log; null for all that is not shown. Source:
 * https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go
 */
export function parseEvent(line: string): EngineEvent | null {
  const event = parseJson(line);
  if (!isObject(event)) return null;
  const { diagnosticEvent, policyEvent, resourcePreEvent, resOutputsEvent, resOpFailedEvent } = event;
  if (isObject(diagnosticEvent)) return diagnosticOf(diagnosticEvent);
  if (isObject(policyEvent)) {
    const isMandatory = policyEvent.enforcementLevel === "mandatory";
    const text = `${textOf(policyEvent.policyName)}: ${textOf(policyEvent.message)}`;
    return { kind: "policy", isMandatory, name: nameOf(policyEvent.resourceUrn), text };
  }
  if (isObject(resourcePreEvent)) return beginningOf(resourcePreEvent.metadata);
  if (isObject(resOutputsEvent)) return endOf(resOutputsEvent.metadata);
  if (isObject(resOpFailedEvent)) {
    const name = isObject(resOpFailedEvent.metadata) ? nameOf(resOpFailedEvent.metadata.urn) : null;
    return name === null ? null : { kind: "broke", name };
  }
  return null;
}

function beginningOf(metadata: unknown): EngineEvent | null {
  if (!isObject(metadata)) return null;
  const { urn, old } = metadata;
  const op = textOf(metadata.op);
  const shelf = nameOf(urn, SHELF_TYPE);
  if (shelf !== null) return { kind: "shelfBegins", shelf, op, held: isObject(old) && op !== "same" ? requestsIn(old.outputs) : [] };
  const name = nameOf(urn);
  return name === null ? null : { kind: "begins", name, op };
}

/** Progress and debugging are not shown. */
function diagnosticOf({ severity, urn, message, ephemeral }: Data): EngineEvent | null {
  if (severity === "debug" || ephemeral === true) return null;
  return { kind: "diagnostic", severity: textOf(severity), name: nameOf(urn), text: textOf(message).replace(COLOR, "").trim() };
}

/** Marks of the engine's own for colours, such as `<{%fg 1%}>`. */
const COLOR = /<\{%[^%]*%\}>/g;

function endOf(metadata: unknown): EngineEvent | null {
  if (!isObject(metadata) || !isObject(metadata.new)) return null;
  const { new: made, op, type, urn } = metadata;
  const outputs = isObject(made.outputs) ? made.outputs : {};
  if (type === OF_STACKS) return isTexts(outputs.requests) ? { kind: "outputs", requests: outputs.requests } : null;
  if (type === SHELF_TYPE) return { kind: "shelfEnded", op: textOf(op), requests: requestsIn(outputs) };
  const name = nameOf(urn);
  return name === null ? null : { kind: "ended", name, op: textOf(op), outputs };
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((one) => typeof one === "string");
}

/** A URN ends in the resource's type and name. */
function nameOf(urn: unknown, wanted = RESOURCE_TYPE): string | null {
  const parts = textOf(urn).split("::");
  return parts[2]?.split("$").at(-1) === wanted ? parts.slice(3).join("::") : null;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
