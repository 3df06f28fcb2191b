import { SHELF_TYPE } from "../../providers/domain/project.ts";
import type { ShelfOutputs } from "../../providers/pulumi/shelf-state.ts";

/** Outputs of one request, as far as a test has them. */
type Outputs = { readonly request: { readonly name: string } } & Readonly<Record<string, unknown>>;

/** Outputs of a shelf with these requests. */
export function shelfOutputs(...requests: readonly Outputs[]): ShelfOutputs {
  const byName = Object.fromEntries(requests.map((one) => [one.request.name, one]));
  return { keys: JSON.stringify(byName), count: requests.length, requests: JSON.stringify(byName) };
}

/** URN of a shelf, or of another resource of ours. */
export function urnOf(name: string, type = SHELF_TYPE): string {
  return `urn:pulumi:prod::device-lifecycle::${type}::${name}`;
}
