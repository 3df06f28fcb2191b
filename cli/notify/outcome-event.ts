import type { NotifyEvent } from "../../notify/event.ts";
import { eventOf } from "../../notify/event-id.ts";
import type { Standing } from "../shown/run-view.ts";

/** That a request came to stand so; `at` where state does not tell when: ISO 8601. */
export function outcomeEvent(
  { name, generation, outcome, reason, message, since, ticket, ...device }: Standing,
  stack: string,
  at: string,
): NotifyEvent {
  const { deviceId: id, serialNumber, deviceName } = device;
  return eventOf(
    { kind: "outcome", request: name, generation, outcome, reason, message, device: { id, serialNumber, deviceName }, ticket },
    stack,
    since ?? at,
  );
}
