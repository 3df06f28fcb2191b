import type { DeviceFleet, FleetList } from "../../domain/device-fleet.ts";
import type { GraphEndpoint } from "../../support/cloud.ts";
import type { GraphClient } from "../client/graph-client.ts";
import { createDeviceList } from "./device-list.ts";
import { createDeviceReads } from "./device-reads.ts";
import { lookAtCodes } from "./look-at-codes.ts";

/** The whole tenant, over the client that the other ports have too. */
export function createFleet(client: GraphClient, endpoint: GraphEndpoint): DeviceFleet {
  return {
    listAll: () => listAll(client, endpoint),
    lookAtCodes: (ids, look) => lookAtCodes(client, ids, look),
  };
}

/** A list that changes while it is read may show a device on two pages. */
async function listAll(client: GraphClient, endpoint: GraphEndpoint): Promise<FleetList> {
  const list = createDeviceList(createDeviceReads(client), endpoint);
  await list.readTo(Number.POSITIVE_INFINITY);
  return {
    devices: [...new Map(list.entries.map(({ device }) => [device.id.toLowerCase(), device])).values()],
    unreadable: list.odd.map(({ id, serialNumber, deviceName, error }) => ({ id, serialNumber, deviceName, why: error.message })),
  };
}
