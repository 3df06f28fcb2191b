import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { closedPort } from "../support/closed-port.ts";
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { PulumiProject } from "../support/pulumi-project.ts";
import { leaksIn } from "../support/secrets.ts";

const SERIAL = "DMPXK2ABCDEF";
const TOKEN = "token-for-telemetry-0a1b2c3d4e5f";
const REQUEST = `requests:
  - name: leeds-leaver-0042
    device: { serialNumber: ${SERIAL} }
    playbook: unlock-and-wipe
    reason: Leaver returned the iPad
    ticket: INC-4711
    expires: 2099-12-31
    acknowledge: [dataLoss, physicalPossession]
`;

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function start(receiver?: OtlpReceiver): Promise<{ readonly emulator: Emulator; readonly project: PulumiProject }> {
  const emulator = await startEmulator({ checkInDelayMs: 200 });
  const project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "30s" });
  stops.push(
    async () => receiver?.close(),
    () => emulator.close(),
    () => project.remove(),
  );
  await project.write("requests/leavers.yaml", REQUEST);
  return { emulator, project };
}

/** Each process of a run writes down which files of ours and which exporters it loads. */
async function notingLoads(project: PulumiProject): Promise<{ readonly env: Readonly<Record<string, string>>; loaded(): Promise<string> }> {
  const [hook, list] = ["loads.mjs", "loads.txt"].map((name) => path.join(project.folder, name));
  const text = `import { registerHooks } from "node:module";
import { appendFileSync } from "node:fs";
registerHooks({ load(url, context, next) {
  if (/telemetry|otlp-http|provider\\.ts|program\\.ts/.test(url)) appendFileSync(${JSON.stringify(list)}, url + "\\n");
  return next(url, context);
} });
`;
  await project.write("loads.mjs", text);
  await project.write("loads.txt", "");
  return { env: { NODE_OPTIONS: `--import=${hook}` }, loaded: () => project.read("loads.txt") };
}

/** From a span up to the first of its trace. */
function linesOf(span: ReceivedSpan, spans: readonly ReceivedSpan[]): readonly string[] {
  const above = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return above === undefined ? [span.name] : [...linesOf(above, spans), span.name];
}

test("one up is one trace over three processes, with the calls that Graph saw, the numbers, and no secret", async () => {
  const receiver = await startOtlpReceiver();
  const { emulator, project } = await start(receiver);
  const code = emulator.device(SERIAL).bypassCode ?? "";

  const loads = await notingLoads(project);
  const run = await project.npmRun("up", ["--yes", "--skip-preview"], {
    ...loads.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    GRAPH_ACCESS_TOKEN: TOKEN,
  });

  expect(run).toMatchObject({ code: 0 });
  const spans = receiver.spans();
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(spans.filter(({ parentSpanId }) => parentSpanId === null).map(({ name }) => name)).toEqual(["dlr up"]);
  expect(new Set(spans.map(({ process }) => process)).size).toBe(3);
  expect(spans.filter(({ name }) => name === "survey")).toHaveLength(1);
  const [request] = spans.filter(({ name }) => name === "request");
  expect(request?.attributes).toMatchObject({ "device_lifecycle.request": "leeds-leaver-0042", "device_lifecycle.outcome": "succeeded" });
  const steps = spans.filter(({ name }) => name.startsWith("step "));
  expect(steps.map(({ attributes }) => [attributes["device_lifecycle.action"], attributes["device_lifecycle.acts"]])).toEqual([
    ["escrowBypassCode", "escrow finishStep"],
    ["bypassActivationLock", "send finishStep"],
    ["wipe", expect.stringMatching(/^place .*send.* finishStep$/)],
  ]);
  const [wipe] = spans.filter(({ name }) => name === "POST /v1.0/deviceManagement/managedDevices/{id}/wipe");
  expect(wipe === undefined ? [] : linesOf(wipe, spans)).toEqual(["dlr up", "request", "step wipe", wipe?.name]);
  expect(wipe?.attributes).toMatchObject({
    "http.response.status_code": 204,
    "device_lifecycle.tries": 1,
    "device_lifecycle.call_kind": "once",
  });
  expect(spans.filter(({ name }) => name === "escrow put").map((put) => linesOf(put, spans))).toEqual(
    expect.arrayContaining([["dlr up", "request", "step escrowBypassCode", "escrow put"]]),
  );

  const seen = emulator.requests.filter(({ batched }) => !batched).map(({ headers }) => headers["client-request-id"]);
  const told = spans.filter(({ attributes }) => "http.request.method" in attributes);
  expect(told.map(({ attributes }) => attributes["device_lifecycle.client_request_id"])).toHaveLength(seen.length);
  expect(new Set(told.map(({ attributes }) => attributes["device_lifecycle.client_request_id"]))).toEqual(new Set(seen));
  const answered = emulator.requests.filter(({ batched }) => !batched).map(({ requestId }) => requestId);
  expect(new Set(told.map(({ attributes }) => attributes["device_lifecycle.request_id"]))).toEqual(new Set(answered));

  const points = receiver.points();
  const sum = (name: string) => points.filter((point) => point.name === name).reduce((all, { count }) => all + count, 0);
  expect(sum("http.client.request.duration")).toBe(told.length);
  expect(points.filter(({ name }) => name === "device_lifecycle.destructive_sends")).toMatchObject([
    { attributes: { "device_lifecycle.action": "wipe" }, count: 1 },
  ]);
  expect(points.filter(({ name }) => name === "device_lifecycle.requests")).toMatchObject([
    { attributes: { "device_lifecycle.outcome": "succeeded" }, count: 1 },
  ]);
  const ledger = await readFile(path.join(project.folder, "ledger", "ledger.jsonl"), "utf8");
  // Its first line is the ledger's own.
  expect(sum("device_lifecycle.ledger.appends")).toBe(ledger.trimEnd().split("\n").length - 1);

  // Without this the next test would prove nothing.
  expect(await loads.loaded()).toMatch(/telemetry\/otel[\s\S]*otlp-http/);
  expect(code.length).toBeGreaterThan(10);
  expect(leaksIn(receiver.text(), [code, TOKEN, SERIAL, "Leaver returned", "j.doe"])).toEqual([]);
});

test.each(["hang", "refused"] as const)("a receiver that does not take it (%s) changes nothing but for a warning", async (how) => {
  const receiver = how === "hang" ? await startOtlpReceiver("hang") : undefined;
  const { emulator, project } = await start(receiver);
  const url = receiver?.url ?? `http://127.0.0.1:${await closedPort()}`;

  const run = await project.npmRun("up", ["--yes", "--skip-preview"], { OTEL_EXPORTER_OTLP_ENDPOINT: url });

  expect(run).toMatchObject({ code: 0, text: expect.stringContaining("the receiver of traces and metrics") });
  expect(emulator.actionCalls.map(({ action }) => action)).toEqual(["bypassActivationLock", "wipe"]);
  expect((await project.resources()).get("leeds-leaver-0042")?.outputs.outcome).toBe("succeeded");
});

test("where no receiver is named, no process loads anything of OpenTelemetry for us", async () => {
  const { project } = await start();
  const loads = await notingLoads(project);

  const run = await project.npmRun("up", ["--yes", "--skip-preview"], loads.env);

  expect(run).toMatchObject({ code: 0 });
  const loaded = await loads.loaded();
  expect(loaded).toMatch(/pulumi\/provider\.ts/);
  expect(loaded).toMatch(/program\/program\.ts/);
  expect(loaded).not.toMatch(/telemetry\/otel|otlp-http/);
});

test("--verbose: every process tells what it did, by the ids that Graph saw, and no secret of any kind", async () => {
  const [passcode, unlockPin] = ["passcode-7d1f0a", "unlock-pin-90be44"];
  const emulator = await startEmulator({
    checkInDelayMs: 100,
    devices: [
      { serialNumber: SERIAL, operatingSystem: "iPadOS", isSupervised: true },
      { serialNumber: "LOGDROID01", operatingSystem: "Android", "x-emulator": { passcode } },
      { serialNumber: "LOGMAC0001", operatingSystem: "macOS", isSupervised: true, "x-emulator": { unlockPin } },
    ],
  });
  const project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "30s" });
  stops.push(
    () => emulator.close(),
    () => project.remove(),
  );
  const others = [
    "  - { name: passcode, device: { serialNumber: LOGDROID01 }, playbook: reset-passcode, reason: It was forgotten }",
    "  - { name: lock, device: { serialNumber: LOGMAC0001 }, steps: [escrowBypassCode, remoteLock], reason: Left in a train }",
  ];
  await project.write("requests/leavers.yaml", `${REQUEST}${others.join("\n")}\n`);
  const code = emulator.device(SERIAL).bypassCode ?? "";

  const run = await project.npmRun("up", ["--yes", "--skip-preview", "--verbose"], { GRAPH_ACCESS_TOKEN: TOKEN });

  expect(run).toMatchObject({ code: 0 });
  const text = run.text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .join("\n");
  const lines = text.split("\n").map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  expect(new Set(lines.map(({ pid }) => pid)).size).toBe(3);
  expect(new Set(lines.map(({ traceId }) => traceId)).size).toBe(1);
  const calls = lines.filter(({ event }) => event === "graph.call");
  const seen = emulator.requests.filter(({ batched }) => !batched).map(({ headers }) => headers["client-request-id"]);
  expect(new Set(calls.map(({ clientRequestId }) => clientRequestId))).toEqual(new Set(seen));
  expect(calls.filter(({ path: target }) => String(target).endsWith("/wipe"))).toMatchObject([
    { level: "info", request: "leeds-leaver-0042", step: 2, action: "wipe", destroysData: true, method: "POST", status: 204, tries: 1 },
  ]);
  expect(lines.filter(({ event }) => event === "request")).toHaveLength(3);
  expect(lines.filter(({ event }) => event === "escrow.put").length).toBeGreaterThanOrEqual(4);
  expect(code.length).toBeGreaterThan(10);
  expect(leaksIn(text, [code, passcode, unlockPin, TOKEN, SERIAL, "Leaver returned", "forgotten", "j.doe"])).toEqual([]);
});
