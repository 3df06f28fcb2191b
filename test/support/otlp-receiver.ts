import { type ScriptedAnswer, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

/** One span as it came over the wire, with its attributes as plain values. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** By `service.instance.id`: which process sent it. */
  readonly process: string;
  readonly isError: boolean;
}

/** A point of one metric; of a histogram the number and the sum of what was measured. */
export interface ReceivedPoint {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly count: number;
  readonly process: string;
}

/** What OTLP/HTTP brings: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
export interface OtlpReceiver {
  readonly url: string;
  readonly server: ScriptedServer;
  spans(): readonly ReceivedSpan[];
  /** The newest point of each metric, attributes and process. */
  points(): readonly ReceivedPoint[];
  /** All that came, as text. */
  text(): string;
  close(): Promise<void>;
}

/** A receiver of OTLP over HTTP on 127.0.0.1; `answer` instead of taking what comes. */
export async function startOtlpReceiver(answer: ScriptedAnswer = { status: 200, body: {} }): Promise<OtlpReceiver> {
  const server = await startScriptedServer(() => answer);
  const bodies = (path: string) =>
    server.requests.filter(({ target }) => target === path).map(({ body }) => JSON.parse(body) as Record<string, readonly Resourced[]>);
  return {
    url: server.url,
    server,
    spans: () =>
      bodies("/v1/traces").flatMap(({ resourceSpans = [] }) =>
        resourceSpans.flatMap(({ resource, scopeSpans = [] }) =>
          scopeSpans.flatMap(({ spans }) => spans.map((span) => spanOf(span, processOf(resource)))),
        ),
      ),
    points: () => [
      ...new Map(
        bodies("/v1/metrics")
          .flatMap(({ resourceMetrics = [] }) => resourceMetrics.flatMap(pointsOf))
          .map((point) => [JSON.stringify([point.process, point.name, point.attributes]), point]),
      ).values(),
    ],
    text: () => server.requests.map(({ target, headers, body }) => `${target}\n${JSON.stringify(headers)}\n${body}`).join("\n"),
    close: () => server.close(),
  };
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface WireSpan extends Omit<ReceivedSpan, "attributes" | "parentSpanId"> {
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
  readonly status?: { readonly code?: number };
}

interface Resourced {
  readonly resource: { readonly attributes: readonly Attribute[] };
  readonly scopeSpans?: readonly { readonly spans: readonly WireSpan[] }[];
  readonly scopeMetrics?: readonly { readonly metrics: readonly WireMetric[] }[];
}

interface WireMetric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly WirePoint[] };
  readonly histogram?: { readonly dataPoints: readonly WirePoint[] };
}

interface WirePoint {
  readonly attributes: readonly Attribute[];
  readonly asDouble?: number;
  readonly asInt?: string | number;
  readonly count?: string | number;
}

function spanOf({ traceId, spanId, parentSpanId, name, attributes, status }: WireSpan, process: string): ReceivedSpan {
  return {
    traceId,
    spanId,
    name,
    process,
    parentSpanId: parentSpanId || null,
    attributes: plain(attributes),
    isError: status?.code === 2,
  };
}

function pointsOf({ resource, scopeMetrics = [] }: Resourced): readonly ReceivedPoint[] {
  const process = processOf(resource);
  return scopeMetrics.flatMap(({ metrics }) =>
    metrics.flatMap(({ name, sum, histogram }) =>
      [...(sum?.dataPoints ?? []), ...(histogram?.dataPoints ?? [])].map((point) => ({
        name,
        process,
        attributes: plain(point.attributes),
        count: Number(point.count ?? point.asInt ?? point.asDouble),
      })),
    ),
  );
}

function processOf({ attributes }: Resourced["resource"]): string {
  return String(plain(attributes)["service.instance.id"]);
}

function plain(attributes: readonly Attribute[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue(value: Attribute["value"]): unknown {
  if ("intValue" in value) return Number(value.intValue);
  if ("arrayValue" in value) return ((value.arrayValue as { values?: Attribute["value"][] }).values ?? []).map(plainValue);
  return Object.values(value)[0];
}
