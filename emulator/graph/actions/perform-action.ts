import type { RemoteAction } from "../../../providers/domain/actions/action-table.ts";
import type { JsonObject } from "../../../providers/domain/json.ts";
import type { EmulatedActor } from "../audit/audit-book.ts";
import type { DeviceState } from "../devices/device-state.ts";
import { gatewayError } from "../faults/error-answer.ts";
import type { GraphAnswer, GraphCall } from "../graph-call.ts";
import type { RecordedRequest } from "../journal.ts";
import { deviceNotFound } from "../reads/device-reads.ts";
import type { Route } from "../routes.ts";
import type { World } from "../world.ts";
import { actionAnswer } from "./action-answer.ts";
import { readActionBody } from "./action-body.ts";
import { approvalAnswer, approvalHeaders } from "./approval-answers.ts";
import type { ForcedResult } from "./forced-result.ts";

/** A call that led to an action of a device; `forced` is its end by a fault. */
export interface ActionRequest {
  readonly call: GraphCall;
  readonly route: Route;
  readonly action: RemoteAction;
  readonly record: Pick<RecordedRequest, "sequence">;
  /** Who calls, for the audit log. */
  readonly actor: EmulatedActor;
  readonly forced: ForcedResult | undefined;
}

/** Accepts an action (which says nothing of how it ends) or says why not. */
export async function performAction(request: ActionRequest, world: World): Promise<GraphAnswer> {
  const { call, route, action } = request;
  if (lacksLength(call)) return gatewayError(call, 411, "Content-Length is required.");
  const body = readActionBody(call, action);
  if (body.kind === "refused") return body.answer;
  const device = world.devices.byPath(route.parameters);
  if (device === undefined) return deviceNotFound(call);
  return checkApproval(request, device, body.parameters, world) ?? accept(request, device, body.parameters, world);
}

/** The error for a call that needs another administrator first; null when it may go on. */
function checkApproval({ call, action }: ActionRequest, device: DeviceState, parameters: JsonObject, world: World): GraphAnswer | null {
  const options = world.approvalOptions;
  if (options === null || !(options.actions?.includes(action.name) ?? action.multiAdminApproval)) return null;
  const decision = device.settings.approval;
  const afterMs = device.settings.checkInDelayMs ?? world.checkInDelayMs;
  const check = world.approvals.check(
    { action: action.name, deviceId: device.id, parameters },
    approvalHeaders(call),
    decision === undefined ? null : { decision, afterMs },
  );
  return check.kind === "proceed" ? null : approvalAnswer(call, check, options);
}

async function accept(request: ActionRequest, device: DeviceState, parameters: JsonObject, world: World): Promise<GraphAnswer> {
  const { call, action, actor, forced, record } = request;
  const clientRequestId = call.headers["client-request-id"] ?? null;
  const accepted = { action, parameters, clientRequestId, source: "graph", ...(forced === undefined ? {} : { forced }) } as const;
  world.audit.record({ device, pending: world.devices.accept(device, accepted), actor, clientRequestId });
  const { id: deviceId, serialNumber } = device;
  await world.journal.emit("applied", { action: action.name, deviceId, serialNumber, sequence: record.sequence });
  return actionAnswer(call, action, device);
}

/** Microsoft's front end refuses a POST that says nothing about the length of its body. */
function lacksLength(call: GraphCall): boolean {
  const { headers } = call;
  return call.method === "POST" && !call.batched && headers["content-length"] === undefined && headers["transfer-encoding"] === undefined;
}
