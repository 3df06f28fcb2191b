import { expect, test } from "@jest/globals";
import { backgroundExport } from "../../providers/telemetry/background-export.ts";
import type { EndedSpan } from "../../providers/telemetry/create-watch.ts";

const CHOICE = { traces: true, metrics: false };
const place = { traceId: "1".repeat(32), spanId: "2".repeat(16), isSampled: true };
const span = (name: EndedSpan["name"]): EndedSpan => ({ name, place, parentId: null, startMs: 0, durationMs: 1, facts: {}, error: null });

/** An SDK of which `flush` says what becomes of a sending. */
function start(flush: () => Promise<void>) {
  const told: string[] = [];
  const taken: string[] = [];
  let loads = 0;
  const background = backgroundExport(
    CHOICE,
    (text) => told.push(text),
    async (onFailure) => {
      loads += 1;
      // As the SDK does: the exporter tells of a failure, and the flush throws besides.
      const tellingFlush = () =>
        flush().catch((error: unknown) => {
          onFailure();
          throw error;
        });
      return { take: ({ name }) => taken.push(name), flush: tellingFlush };
    },
  );
  return { background, told, taken, loads: () => loads };
}

test("the SDK is loaded by the first span, once, and gets what ended before it was there", async () => {
  const { background, taken, told, loads } = start(async () => undefined);
  await background.flush();
  const before = loads();

  background.take(span("load"));
  background.take(span("survey"));
  await background.flush();
  background.take(span("request"));

  expect([before, loads()]).toEqual([0, 1]);
  expect(taken).toEqual(["load", "survey", "request"]);
  expect(told).toEqual([]);
});

test("after the first failure nothing is sent or waited for, and that is told once", async () => {
  let flushes = 0;
  const { background, taken, told } = start(async () => {
    flushes += 1;
    throw new Error("refused");
  });
  background.take(span("load"));
  await background.flush();

  background.take(span("survey"));
  await background.flush();

  expect(flushes).toBe(1);
  expect(taken).toEqual(["load"]);
  expect(told).toEqual([expect.stringContaining("OTEL_EXPORTER_OTLP_ENDPOINT")]);
});

test("an SDK that cannot be loaded is a failure as any other", async () => {
  const told: string[] = [];
  const background = backgroundExport(
    CHOICE,
    (text) => told.push(text),
    () => Promise.reject(new Error("no such module")),
  );
  background.take(span("load"));
  await background.flush();

  expect(told).toHaveLength(1);
});

test("nobody waits for a receiver that never answers for longer than a moment", async () => {
  const { background, told } = start(() => new Promise(() => undefined));
  background.take(span("load"));
  await background.flush();

  expect(told).toHaveLength(1);
});
