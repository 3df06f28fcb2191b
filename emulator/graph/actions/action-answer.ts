import type { RemoteAction } from "../../../providers/domain/actions/action-table.ts";
import { guidFrom } from "../devices/derive.ts";
import type { DeviceState } from "../devices/device-state.ts";
import { graphTime } from "../devices/timestamps.ts";
import { type GraphAnswer, type GraphCall, jsonAnswer, noContent } from "../graph-call.ts";

/**
 * What Graph says to a call that it took: nothing, but for the one action that gives back what it
 * made.
 */
export function actionAnswer(call: GraphCall, action: RemoteAction, device: DeviceState): GraphAnswer {
  if (action.name !== "createDeviceLogCollectionRequest") return noContent();
  return jsonAnswer(200, {
    "@odata.type": "#microsoft.graph.deviceLogCollectionResponse",
    id: guidFrom(`logs:${device.id}/${device.received.length}`),
    status: "pending",
    managedDeviceId: device.id,
    requestedDateTimeUTC: graphTime(call.receivedAt),
    receivedDateTimeUTC: null,
    expirationDateTimeUTC: null,
    initiatedByUserPrincipalName: null,
    enrolledByUser: null,
    errorCode: 0,
    size: 0,
    sizeInKB: 0,
  });
}
