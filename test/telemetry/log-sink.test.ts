import { mkdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { watched } from "../../providers/domain/watch.ts";
import { openProcessWatch } from "../../providers/telemetry/process-watch.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

async function start(name = "log.jsonl") {
  const file = path.join(await temporaryFolder(), name);
  const told: string[] = [];
  const { watch } = openProcessWatch({ DEVICE_LIFECYCLE_LOG: file }, (text) => told.push(text));
  const lines = async () =>
    (await readFile(file, "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  return { file, watch, told, lines };
}

test("each line is there as soon as its work is over, what is inside first", async () => {
  const { watch, lines, file } = await start();

  await watched(watch, ["request", { request: "a", deviceId: "d" }], async (span) => {
    await watched(watch, ["graph", { method: "GET", status: 200 }], async () => undefined);
    expect(await lines()).toHaveLength(1);
    span.note({ outcome: "succeeded" });
  });

  const [call, request] = await lines();
  expect(call).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    level: "info",
    event: "graph.call",
    durationMs: expect.any(Number),
    request: "a",
    deviceId: "d",
    method: "GET",
    status: 200,
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    pid: process.pid,
  });
  expect(request).toMatchObject({ event: "request", outcome: "succeeded", traceId: call?.traceId });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test.each([
  ["info", { status: 204, throttled: 0 }],
  ["warn", { status: 404 }],
  ["warn", { status: 204, throttled: 1 }],
  ["info", { outcome: "pending" }],
  ["error", { outcome: "failed" }],
  ["error", { outcome: "ambiguous" }],
])("is of level %s: %j", async (level, facts) => {
  const { watch, lines } = await start();

  watch.open("request", facts).end();

  expect((await lines())[0]?.level).toBe(level);
});

test("what breaks is an error, by the name of its class", async () => {
  const { watch, lines } = await start();

  watch.open("escrowPut", {}).end("EscrowError");

  expect(await lines()).toMatchObject([{ level: "error", event: "escrow.put", error: "EscrowError" }]);
});

test("a file that takes no line is told once, and nothing is thrown", async () => {
  const { file, watch, told } = await start();
  await mkdir(file);

  for (let count = 0; count < 3; count++) watch.open("graph", {}).end();

  expect(told).toEqual([`the log ${file} cannot be written (EISDIR); the run goes on without it`]);
});

test("a path that is not whole is told, and nothing is written", () => {
  const told: string[] = [];

  const { isOn } = openProcessWatch({ DEVICE_LIFECYCLE_LOG: "run.jsonl" }, (text) => told.push(text));

  expect(isOn).toBe(false);
  expect(told).toEqual(["DEVICE_LIFECYCLE_LOG has to be a whole path, not run.jsonl; no log is written"]);
});
