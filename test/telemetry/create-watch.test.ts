import { expect, test } from "@jest/globals";
import { watched } from "../../providers/domain/watch.ts";
import { createWatch, type EndedSpan } from "../../providers/telemetry/create-watch.ts";

const PARENT = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", isSampled: true };

function start(parent: typeof PARENT | null = null) {
  const ended: EndedSpan[] = [];
  return { watch: createWatch([(span) => ended.push(span)], parent), ended };
}

test("a span stands below the one whose work began it, over awaits, and knows its request and step", async () => {
  const { watch, ended } = start();

  await watched(watch, ["request", { request: "a", deviceId: "d" }], async () => {
    const step = watch.open("step", { step: 2, action: "wipe" });
    await step.within(async () => {
      await Promise.resolve();
      await watched(watch, ["graph", { method: "GET" }], async (span) => span.note({ status: 200 }));
    });
    step.end();
  });

  const [graph, step, request] = ended;
  expect(ended.map(({ name }) => name)).toEqual(["graph", "step", "request"]);
  expect(graph?.facts).toEqual({ request: "a", deviceId: "d", step: 2, action: "wipe", method: "GET", status: 200 });
  expect([graph?.parentId, step?.parentId, request?.parentId]).toEqual([step?.place.spanId, request?.place.spanId, null]);
  expect(new Set(ended.map(({ place }) => place.traceId)).size).toBe(1);
});

test("two requests at once do not mix", async () => {
  const { watch, ended } = start();
  const one = (request: string) =>
    watched(watch, ["request", { request }], async () => {
      await new Promise((resolve) => setImmediate(resolve));
      await watched(watch, ["graph", {}], async () => undefined);
    });

  await Promise.all([one("a"), one("b")]);

  const calls = ended.filter(({ name }) => name === "graph");
  expect(calls.map(({ facts }) => facts.request)).toEqual(["a", "b"]);
});

test("the first span of a process stands below the one that the process was handed", async () => {
  const { watch, ended } = start(PARENT);

  await watched(watch, ["survey", {}], async () => undefined);

  expect(ended[0]).toMatchObject({ parentId: PARENT.spanId, place: { traceId: PARENT.traceId } });
  expect(ended[0]?.place.spanId).not.toBe(PARENT.spanId);
});

test("of what was thrown the class is told alone, and it is thrown on", async () => {
  const { watch, ended } = start();
  const broken = watched(watch, ["graph", {}], async () => {
    throw new RangeError("the code is ABCD-EFGH");
  });

  await expect(broken).rejects.toThrow(RangeError);
  expect(ended[0]?.error).toBe("RangeError");
  expect(JSON.stringify(ended)).not.toContain("ABCD");
});

test("a span ends once", () => {
  const { watch, ended } = start();
  const span = watch.open("step", {});
  span.end();
  span.end();

  expect(ended).toHaveLength(1);
});
