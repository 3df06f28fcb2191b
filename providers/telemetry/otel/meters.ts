import type { Attributes, Meter } from "@opentelemetry/api";
import type { SpanName } from "../../domain/watch.ts";
import type { EndedSpan } from "../create-watch.ts";

/** Seconds, as the conventions for durations of HTTP calls have them. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Counts what ends; `destructive` counts what reached the wire, whatever became of it. */
export function createMeters(meter: Meter): (span: EndedSpan) => void {
  const histogram = (name: string, description: string) =>
    meter.createHistogram(name, { description, unit: "s", advice: { explicitBucketBoundaries: SECONDS } });
  const calls = histogram("http.client.request.duration", "Calls to Graph, all tries of each");
  const waits = histogram("device_lifecycle.graph.wait.duration", "Waits for a place under Graph's rate limit");
  const requests = histogram("device_lifecycle.request.duration", "Work of one run on one request");
  const throttled = meter.createCounter("device_lifecycle.graph.throttled", { description: "Answers 429", unit: "{answer}" });
  const destructive = meter.createCounter("device_lifecycle.destructive_sends", {
    description: "Calls on the wire that destroy data",
    unit: "{call}",
  });
  const outcomes = meter.createCounter("device_lifecycle.requests", { description: "Requests by outcome", unit: "{request}" });
  const appends = meter.createCounter("device_lifecycle.ledger.appends", { description: "Records of the ledger", unit: "{record}" });
  const byName: Partial<Record<SpanName, (span: EndedSpan) => void>> = {
    place: ({ facts }) => waits.record((facts.waitedMs ?? 0) / 1000),
    graph: (span) => {
      const { kind = "", tries = 0, throttled: refused = 0, waitedMs = 0, action = "" } = span.facts;
      calls.record(span.durationMs / 1000, { ...graphLabels(span.facts), ...errorLabel(span) });
      waits.record(waitedMs / 1000);
      if (refused > 0) throttled.add(refused, { "device_lifecycle.call_kind": kind });
      if (kind !== "read" && span.facts.destroysData === true) destructive.add(tries, { "device_lifecycle.action": action });
    },
    request: (span) => {
      const labels = { "device_lifecycle.outcome": span.facts.outcome ?? "broken", ...errorLabel(span) };
      requests.record(span.durationMs / 1000, labels);
      outcomes.add(1, labels);
    },
    ledgerAppend: (span) => {
      const { record = "", count = 1 } = span.facts;
      if (count > 0) appends.add(1, { "device_lifecycle.record": record, ...errorLabel(span) });
    },
  };
  return (span) => byName[span.name]?.(span);
}

function errorLabel({ error }: EndedSpan): Attributes {
  return error === null ? {} : { "error.type": error };
}

function graphLabels({ method, path, server, status, kind }: EndedSpan["facts"]): Attributes {
  return {
    "http.request.method": method,
    "url.template": path,
    "server.address": server,
    "http.response.status_code": status,
    "device_lifecycle.call_kind": kind,
  };
}
