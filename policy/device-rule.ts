import { normalizeSerial } from "../providers/domain/managed-device.ts";
import { ABOUT, type About, isAbout, type RequestRule } from "./rule.ts";

interface Settings {
  readonly about: About;
  readonly serialNumbers: readonly string[];
  readonly ids: readonly string[];
}

/** Devices that no request may touch, whoever uses them. */
export const deviceRule: RequestRule<Settings> = {
  name: "devices",
  description: "A request leaves the devices of the list alone",
  settings: {
    properties: {
      about: ABOUT,
      serialNumbers: { type: "array", items: { type: "string" }, default: [], description: "Serial numbers; case and spaces do not count" },
      ids: { type: "array", items: { type: "string" }, default: [], description: "Ids of managed devices in Intune" },
    },
  },
  judge: (request, { about, serialNumbers, ids }) => {
    const { id, serialNumber } = request.device;
    const isListed =
      ids.some((listed) => listed.toLowerCase() === id.toLowerCase()) ||
      (serialNumber !== null && serialNumbers.some((listed) => normalizeSerial(listed) === normalizeSerial(serialNumber)));
    return isListed && isAbout(about, request) ? [`${request.name} is about ${serialNumber ?? id}, which no request may touch`] : [];
  },
};
