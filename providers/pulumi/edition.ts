import { createHash } from "node:crypto";
import { canonicalJson } from "../domain/json.ts";
import type { LifecycleRequest } from "../domain/request.ts";

/** Requests are never changed: each is named once, however often it is asked for. */
const editions = new WeakMap<LifecycleRequest, string>();

/**
 * Names what a request asks for: two requests of one edition ask for the same. Reason and place in
 * the file do not count, nor anything that is read from Graph.
 */
export function editionOf(request: LifecycleRequest): string {
  const known = editions.get(request) ?? hashOf(request);
  editions.set(request, known);
  return known;
}

function hashOf(request: LifecycleRequest): string {
  const { generation, device, playbook, steps, expires, ticket, acknowledge, repeats, onDrift } = request;
  const asked = { generation, device, playbook, steps, expires, ticket, acknowledge: [...acknowledge].sort(), repeats, onDrift };
  return createHash("sha256").update(canonicalJson(asked)).digest("hex").slice(0, 16);
}
