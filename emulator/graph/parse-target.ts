import type { GraphVersion } from "./graph-call.ts";

/** Where a request goes: Graph in one of its versions, the emulator's own interface, or nowhere. */
export type Target =
  | {
      readonly kind: "graph";
      readonly version: GraphVersion;
      readonly segments: readonly string[];
      readonly query: URLSearchParams;
      readonly target: string;
    }
  | { readonly kind: "admin"; readonly segments: readonly string[] }
  | { readonly kind: "unknown" };

const ADMIN = "_emulator";

/** Splits before it decodes, so that an encoded slash stays inside its segment. */
export function parseTarget(target: string): Target {
  const [path = "", ...queryParts] = target.split("?");
  const segments = decodeAll(path.split("/").slice(1));
  if (segments === null) return { kind: "unknown" };
  const [first, ...rest] = segments;
  if (first === ADMIN) return { kind: "admin", segments: rest };
  if (first !== "v1.0" && first !== "beta") return { kind: "unknown" };
  return { kind: "graph", version: first, segments: rest, query: new URLSearchParams(queryParts.join("?")), target };
}

function decodeAll(segments: readonly string[]): readonly string[] | null {
  try {
    return segments.map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
