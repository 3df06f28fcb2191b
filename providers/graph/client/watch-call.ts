import type { Place } from "../../domain/ports.ts";
import { type Watch, type WatchedFacts, watched } from "../../domain/watch.ts";
import type { GraphEndpoint } from "../../support/cloud.ts";
import type { GraphCall } from "./middleware/graph-call.ts";
import { pathTemplate } from "./path-template.ts";

/**
 * One span per call, with all its tries. Of what is sent and answered it has ids, path, status and
 * numbers: no header, body or token.
 */
export async function watchCall<T>(call: GraphCall, endpoint: GraphEndpoint, watch: Watch, work: () => Promise<T>): Promise<T> {
  const { method, version, path, mode } = call.facts;
  const template = pathTemplate(`/${version}${path}`);
  const facts = { method, path: template, server: new URL(endpoint.origin).hostname, kind: mode };
  return await watched(watch, ["graph", facts], async (span) => {
    try {
      return await work();
    } finally {
      span.note(factsOf(call));
    }
  });
}

function factsOf({ sentIds, throttled, waitedMs, answer }: GraphCall): WatchedFacts {
  const last = sentIds.at(-1);
  const requestId = answer?.headers.get("request-id") ?? "";
  return {
    tries: sentIds.length,
    throttled,
    waitedMs,
    ...(last === undefined ? {} : { clientRequestId: last }),
    ...(sentIds.length > 1 ? { clientRequestIds: [...sentIds] } : {}),
    ...(answer === null ? {} : { status: answer.status }),
    ...(isId(requestId) ? { requestId } : {}),
  };
}

/** A text of a server's is told where it is an id and nothing else. */
function isId(text: string): boolean {
  return /^[0-9a-f-]{8,64}$/i.test(text);
}

/** The wait for a place that is taken before the last look at a device. */
export async function watchPlace(watch: Watch, acquire: () => Promise<Place>): Promise<Place> {
  return await watched(watch, ["place", {}], async (span) => {
    const place = await acquire();
    if (place.waitedMs !== undefined) span.note({ waitedMs: place.waitedMs });
    return place;
  });
}
