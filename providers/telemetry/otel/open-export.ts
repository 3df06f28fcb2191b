import { ROOT_CONTEXT, SpanStatusCode, TraceFlags, type Tracer, trace } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { detectResources, envDetector, type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { EndedSpan } from "../create-watch.ts";
import type { ExportChoice } from "../export-choice.ts";
import type { TracePlace } from "../trace-parent.ts";
import { attributesOf, kindOf, titleOf } from "./attributes.ts";
import { createMeters } from "./meters.ts";

/** Hands spans to the SDK of OpenTelemetry, which sends them in the background. */
export interface Exporting {
  take(span: EndedSpan): void;
  /** Sends what is there; throws where the receiver did not take it. */
  flush(): Promise<void>;
}

/** Milliseconds that one sending may take, its retries included. */
const SEND_MS = 1_000;
const QUEUE = 20_000;
const SERVICE = "device-lifecycle";

/**
 * The official SDK without its globals: Pulumi's own tracing is left alone, and nothing is
 * instrumented. Endpoint, headers, certificates and attributes of the resource are read by the SDK
 * from the process's variables. `onFailure` is told each time that something was not taken.
 */
export function openExport(choice: ExportChoice, onFailure: () => void): Exporting {
  const resource = resourceFromAttributes({ "service.name": SERVICE, "service.instance.id": crypto.randomUUID() }).merge(
    detectResources({ detectors: [envDetector] }),
  );
  const parts = [
    ...(choice.traces ? [openTraces(resource, onFailure)] : []),
    ...(choice.metrics ? [openMetrics(resource, onFailure)] : []),
  ];
  return {
    take: (span) => {
      for (const part of parts) part.take(span);
    },
    flush: async () => void (await Promise.all(parts.map((part) => part.flush()))),
  };
}

function openTraces(resource: Resource, onFailure: () => void): Exporting {
  const exporter = telling(new OTLPTraceExporter({ timeoutMillis: SEND_MS }), onFailure);
  const processor = new BatchSpanProcessor({ exporter, maxQueueSize: QUEUE, exportTimeoutMillis: SEND_MS });
  // Ids were given when a span began: what is made of it here only takes them over.
  let place: TracePlace = { traceId: "", spanId: "", isSampled: true };
  const idGenerator = { generateTraceId: () => place.traceId, generateSpanId: () => place.spanId };
  const provider = new TracerProvider({ resource, idGenerator, spanProcessors: [processor] });
  const tracer = provider.getTracer(SERVICE);
  return {
    take: (span) => {
      place = span.place;
      if (place.isSampled) replay(span, tracer);
    },
    flush: async () => {
      await provider.forceFlush();
      // The provider forgets what its timer has just handed over.
      await exporter.forceFlush();
    },
  };
}

function replay(span: EndedSpan, tracer: Tracer): void {
  const { place, parentId, startMs, durationMs, name, error } = span;
  const above = { traceId: place.traceId, spanId: parentId ?? "", traceFlags: TraceFlags.SAMPLED, isRemote: false };
  const context = parentId === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, above);
  const made = tracer.startSpan(titleOf(span), { kind: kindOf(name), attributes: attributesOf(span), startTime: startMs }, context);
  if (error !== null) made.setStatus({ code: SpanStatusCode.ERROR });
  made.end(startMs + durationMs);
}

function openMetrics(resource: Resource, onFailure: () => void): Exporting {
  const exporter = telling(new OTLPMetricExporter({ timeoutMillis: SEND_MS }), onFailure);
  const reader = new PeriodicExportingMetricReader({ exporter, exportTimeoutMillis: SEND_MS });
  const provider = new MeterProvider({ resource, readers: [reader] });
  return { take: createMeters(provider.getMeter(SERVICE)), flush: () => provider.forceFlush() };
}

interface Exporter<T> {
  export(items: T, done: (result: { readonly code: number }) => void): void;
}

/** The same exporter, which tells of each failure. */
function telling<T, E extends Exporter<T>>(exporter: E, onFailure: () => void): E {
  const send = exporter.export.bind(exporter);
  exporter.export = (items, done) =>
    send(items, (result) => {
      if (result.code !== 0) onFailure();
      done(result);
    });
  return exporter;
}
