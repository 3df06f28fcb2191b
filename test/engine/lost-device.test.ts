import { expect, test } from "@jest/globals";
import { LedgerBusyError } from "../../providers/domain/errors.ts";
import type { ActionCall } from "../../providers/domain/ports.ts";
import { World } from "../support/fakes.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";

test("right before the wire the ledger is asked about the device, and a device that is not ours any more stops the call", async () => {
  const world = new World();
  const calls: ActionCall[] = [];
  const send = (call: ActionCall) => {
    calls.push(call);
    return world.graph.send(call);
  };
  world.ports = {
    ...world.ports,
    actions: {
      approval: () => world.graph.approval(),
      permission: (action) => world.graph.permission(action),
      takePlace: () => world.graph.takePlace(),
      send,
    },
  };
  await world.run(jobOf(lifecycleRequest(["syncDevice"])));
  const asked: unknown[] = [];
  Object.assign(world.ledger, {
    brake: async (deviceId?: string) => {
      asked.push(deviceId);
      throw new LedgerBusyError(`device ${deviceId} is not ours any more`);
    },
  });

  await expect(calls[0]?.holdBack()).rejects.toThrow(LedgerBusyError);

  expect(asked).toEqual([IPAD.id]);
});
