import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { watched } from "../../providers/domain/watch.ts";
import { openProcessWatch } from "../../providers/telemetry/process-watch.ts";
import { type OtlpReceiver, startOtlpReceiver } from "../support/otlp-receiver.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

let receiver: OtlpReceiver;
let before: NodeJS.ProcessEnv;

beforeEach(async () => {
  before = { ...process.env };
  receiver = await startOtlpReceiver();
  // The SDK reads the process's own variables.
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url;
});

afterEach(async () => {
  process.env = before;
  await receiver.close();
});

/** One call under one request, sent; gives what was told of failures. */
async function run(environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const told: string[] = [];
  const { watch, flush } = openProcessWatch(environment, (text) => told.push(text));
  await watched(watch, ["request", { request: "a" }], async (span) => {
    await watched(
      watch,
      ["graph", { method: "GET", path: "/v1.0/x", kind: "read", tries: 2, throttled: 1, waitedMs: 5 }],
      async () => undefined,
    );
    span.note({ outcome: "pending" });
  });
  await flush();
  return told;
}

test("without a variable nobody sees anything", async () => {
  const { watch, isOn, handOn } = openProcessWatch({}, () => undefined);

  expect(isOn).toBe(false);
  expect(watch.open("request", {}).within(() => 7)).toBe(7);
  expect(handOn()).toEqual({});
});

test("spans go below TRACEPARENT, with the resource and the headers that the variables name", async () => {
  process.env.OTEL_EXPORTER_OTLP_HEADERS = "x-key=of-the-receiver";
  process.env.OTEL_RESOURCE_ATTRIBUTES = "deployment.environment.name=prod";

  const told = await run({ ...process.env, TRACEPARENT: `00-${TRACE}-${SPAN}-01` });

  expect(told).toEqual([]);
  expect(receiver.spans().map(({ traceId, name }) => [traceId, name])).toEqual([
    [TRACE, "GET /v1.0/x"],
    [TRACE, "request"],
  ]);
  expect(receiver.spans()[1]?.parentSpanId).toBe(SPAN);
  expect(receiver.spans()[0]?.parentSpanId).toBe(receiver.spans()[1]?.spanId);
  expect(receiver.server.requests.every(({ headers }) => headers["x-key"] === "of-the-receiver")).toBe(true);
  expect(receiver.text()).toContain("deployment.environment.name");
});

test("our own place goes before TRACEPARENT", async () => {
  const other = "a".repeat(32);

  await run({ ...process.env, TRACEPARENT: `00-${TRACE}-${SPAN}-01`, DEVICE_LIFECYCLE_TRACEPARENT: `00-${other}-${SPAN}-01` });

  expect(new Set(receiver.spans().map(({ traceId }) => traceId))).toEqual(new Set([other]));
});

test("a trace that is not sampled gets no spans, and counts all the same", async () => {
  await run({ ...process.env, TRACEPARENT: `00-${TRACE}-${SPAN}-00` });

  expect(receiver.spans()).toEqual([]);
  expect(receiver.points()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: "device_lifecycle.requests", attributes: { "device_lifecycle.outcome": "pending" }, count: 1 }),
      expect.objectContaining({ name: "device_lifecycle.graph.throttled", count: 1 }),
      expect.objectContaining({ name: "device_lifecycle.graph.wait.duration", count: 1 }),
      expect.objectContaining({ name: "device_lifecycle.request.duration", count: 1 }),
    ]),
  );
});

test("a process that is started goes on where this one stands", async () => {
  const { watch, handOn } = openProcessWatch({ ...process.env }, () => undefined);

  const outside = handOn();
  const inside = await watched(watch, ["command", {}], async () => handOn());

  expect(outside).toEqual({});
  expect(inside).toEqual({ DEVICE_LIFECYCLE_TRACEPARENT: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) });
});
