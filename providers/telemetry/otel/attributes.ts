import { type Attributes, SpanKind } from "@opentelemetry/api";
import type { SpanName } from "../../domain/watch.ts";
import type { EndedSpan } from "../create-watch.ts";

/**
 * Names that OpenTelemetry has for something are used:
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/; all else is ours.
 */
const NAMES = {
  command: "device_lifecycle.command",
  stack: "device_lifecycle.stack",
  request: "device_lifecycle.request",
  deviceId: "device_lifecycle.device_id",
  step: "device_lifecycle.step",
  action: "device_lifecycle.action",
  destroysData: "device_lifecycle.destroys_data",
  acts: "device_lifecycle.acts",
  outcome: "device_lifecycle.outcome",
  method: "http.request.method",
  path: "url.template",
  server: "server.address",
  kind: "device_lifecycle.call_kind",
  status: "http.response.status_code",
  clientRequestId: "device_lifecycle.client_request_id",
  clientRequestIds: "device_lifecycle.client_request_ids",
  requestId: "device_lifecycle.request_id",
  tries: "device_lifecycle.tries",
  throttled: "device_lifecycle.throttled",
  waitedMs: "device_lifecycle.waited_ms",
  record: "device_lifecycle.record",
  secret: "device_lifecycle.secret_kind",
  count: "device_lifecycle.count",
} as const satisfies Record<keyof EndedSpan["facts"], string>;

/** All that a span says, under the names of docs/observability.md. */
export function attributesOf({ facts, error }: EndedSpan): Attributes {
  const entries = Object.entries(NAMES).flatMap(([key, name]) => {
    const value = facts[key as keyof typeof NAMES];
    return value === undefined ? [] : [[name, typeof value === "object" ? [...value] : value] as const];
  });
  return { ...Object.fromEntries(entries), ...(error === null ? {} : { "error.type": error }) };
}

const TITLES: Readonly<Record<SpanName, string>> = {
  command: "dlr",
  survey: "survey",
  load: "load files",
  resolve: "resolve devices",
  request: "request",
  refresh: "refresh",
  step: "step",
  graph: "graph",
  place: "wait for a place",
  ledgerRead: "ledger read",
  ledgerAppend: "ledger append",
  escrowPut: "escrow put",
};

/** Few different ones: `step wipe`, `GET /v1.0/deviceManagement/managedDevices/{id}`. */
export function titleOf({ name, facts }: EndedSpan): string {
  if (name === "graph") return `${facts.method} ${facts.path}`;
  const more = name === "step" ? facts.action : name === "command" ? facts.command : undefined;
  return more === undefined ? TITLES[name] : `${TITLES[name]} ${more}`;
}

/** Only calls to Graph leave the process. */
export function kindOf(name: SpanName): SpanKind {
  return name === "graph" ? SpanKind.CLIENT : SpanKind.INTERNAL;
}
