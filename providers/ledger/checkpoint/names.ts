import { identitiesOf, type PlannedDevice } from "../../domain/plan.ts";

const CALL = "call ";
const DEVICE = "device ";

/** A call as checkpoints name it; beside it stand what `identitiesOf` gives of devices. */
export function callName(clientRequestId: string): string {
  return `${CALL}${clientRequestId.toLowerCase()}`;
}

/** A device by its id alone, as `identitiesOf` names it. */
export function idName(deviceId: string): string {
  return `id ${deviceId.toLowerCase()}`;
}

/**
 * A device as a checkpoint keeps it: as Graph wrote it, for what makes two devices one is the
 * matter of the version that reads.
 */
export function deviceEntry({ id, serialNumber }: PlannedDevice): string {
  return serialNumber === null ? `${DEVICE}${id}` : `${DEVICE}${id}\t${serialNumber}`;
}

/** The names by which an entry is found: a call by its own. */
export function namesOf(entry: string): readonly string[] {
  if (!entry.startsWith(DEVICE)) return [entry];
  const [id = "", serialNumber = null] = entry.slice(DEVICE.length).split("\t");
  return identitiesOf({ id, serialNumber });
}
