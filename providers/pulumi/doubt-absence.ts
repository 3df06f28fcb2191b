import { GraphReadError } from "../domain/errors.ts";
import type { DeviceDirectory } from "../domain/ports.ts";

/**
 * Where nobody can tell whether Graph is of the ledger's tenant, a device that is not there may be
 * there in the right one: then its absence is no fact, and `observe` and `lookForGone` throw
 * `GraphReadError`. `doubt` says why, or null.
 */
export function doubtAbsence(directory: DeviceDirectory, doubt: () => Promise<string | null>): DeviceDirectory {
  return {
    ...directory,
    observe: async (device) => {
      const found = await directory.observe(device);
      const why = found === null ? await doubt() : null;
      if (why === null) return found;
      throw noFact(device.id, why);
    },
    lookForGone: async (device, serialNumber) => {
      const answer = await directory.lookForGone(device, serialNumber);
      const why = answer.kind === "gone" ? await doubt() : null;
      if (why === null) return answer;
      throw noFact(device.id, why);
    },
  };
}

function noFact(id: string, why: string): GraphReadError {
  return new GraphReadError(`Graph does not know the device ${id}, which is no fact: ${why}`);
}
