import { setTimeout as sleep } from "node:timers/promises";
import { isObject, type JsonValue } from "../../providers/domain/json.ts";
import { authenticate } from "./authorization.ts";
import { answerBatch } from "./batch.ts";
import { describeCall } from "./describe-call.ts";
import { dispatch, type RoutedCall } from "./dispatch.ts";
import { damage, type FaultPlan, planFaults, replacement } from "./faults/fault-plan.ts";
import type { GraphCall, Handled } from "./graph-call.ts";
import type { RecordedRequest } from "./journal.ts";
import { matchRoute } from "./routes.ts";
import type { World } from "./world.ts";

/**
 * One call from arrival to answer: recorded, struck by its faults, handled. The caller sends what
 * comes back.
 */
export async function handleCall(call: GraphCall, world: World): Promise<Handled & { readonly record: RecordedRequest }> {
  const route = matchRoute(call);
  const description = describeCall(call, route, world.devices);
  const record = world.journal.open({ ...description, ...recordedPart(call) });
  await world.journal.emit("request", record);
  const plan = planFaults(world.faults.take(description));
  const handled = await handleWithFaults({ call, route, record, plan }, world);
  record.status = handled.delivery === "whole" || handled.delivery === "cut" ? handled.answer.status : null;
  return { ...handled, record };
}

async function handleWithFaults(routed: RoutedCall, world: World): Promise<Handled> {
  const { call, record, plan } = routed;
  const delayMs = plan.delayMs + (call.batched ? 0 : world.latencyMs);
  if (delayMs > 0) await sleep(delayMs);
  strikeDevice(record.deviceId, plan, world);
  const { instead } = plan;
  if (instead !== undefined && instead.applied !== true) return replacement(call, instead);
  const handled = await handle(routed, world);
  return instead === undefined ? handled : replacement(call, instead);
}

async function handle(routed: RoutedCall, world: World): Promise<Handled> {
  const { call, route, plan } = routed;
  if (route?.kind !== "batch" || call.method !== "POST") return damage(call, await dispatch(routed, world), plan);
  const caller = authenticate(call, world.authorization);
  if ("status" in caller) return damage(call, caller, plan);
  const batch = await answerBatch(call, (item) => handleCall(item, world), plan.omitItems);
  const damaged = damage(call, batch.answer, plan);
  return batch.delivery === "whole" ? damaged : { ...damaged, delivery: batch.delivery };
}

function strikeDevice(deviceId: string | null, plan: FaultPlan, world: World): void {
  const device = deviceId === null ? undefined : world.devices.byId(deviceId);
  if (device === undefined) return;
  if (plan.deviceGone) device.present = false;
  if (plan.rotateCode) world.devices.rotateCode(device);
}

function recordedPart(call: GraphCall): Pick<RecordedRequest, "at" | "method" | "path" | "headers" | "body" | "requestId"> {
  const { authorization: _, ...headers } = call.headers;
  return {
    at: call.receivedAt,
    method: call.method,
    path: call.target,
    headers,
    requestId: call.requestId,
    body: call.body.kind === "json" ? copy(call.body.value) : null,
  };
}

/** A batch is recorded without the headers of its items: they may hold tokens. */
function copy(value: JsonValue): JsonValue {
  if (!isObject(value) || !Array.isArray(value.requests)) return value;
  return { requests: value.requests.map((item) => (isObject(item) ? withoutHeaders(item) : item)) };
}

function withoutHeaders(item: Readonly<Record<string, unknown>>): JsonValue {
  const { headers: _, ...rest } = item;
  return rest as JsonValue;
}
