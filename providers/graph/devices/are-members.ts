import { GraphReadError } from "../../domain/errors.ts";
import type { DeviceReference } from "../../domain/plan.ts";
import type { GraphEndpoint } from "../../support/cloud.ts";
import { appDevicesPath, devicePath, withQuery } from "../client/urls.ts";
import { pagesOf } from "./device-page.ts";
import type { DeviceReads, IdResult } from "./device-reads.ts";
import { isSameText } from "./match-selector.ts";

/**
 * Whether each device is where its path leads. That is all that such a path is asked for: Graph
 * answers a GET through an app with most properties null, false or of year 1, or with 400 for
 * right ids, while the app's list has the device.
 */
export async function areMembers(
  reads: DeviceReads,
  endpoint: GraphEndpoint,
  references: readonly DeviceReference[],
): Promise<readonly (boolean | GraphReadError)[]> {
  const results = await reads.idsAt(references.map(devicePath));
  return Promise.all(references.map((reference, index) => judge(reads, endpoint, reference, results[index] ?? null)));
}

async function judge(
  reads: DeviceReads,
  endpoint: GraphEndpoint,
  reference: DeviceReference,
  result: IdResult,
): Promise<boolean | GraphReadError> {
  if (!(result instanceof GraphReadError)) return result !== null && isSameText(reference.id, result);
  const { id, path } = reference;
  if (result.status !== 400 || !("detectedApp" in path)) return result;
  return isListed(reads, endpoint, id, path.detectedApp).catch(orError);
}

async function isListed(reads: DeviceReads, endpoint: GraphEndpoint, id: string, detectedApp: string): Promise<boolean> {
  const list = appDevicesPath(detectedApp);
  const first = () => withQuery(list, { select: ["id"] });
  for await (const { entries } of pagesOf(reads, { endpoint, list, first })) {
    if (entries.some(({ device }) => isSameText(id, device.id))) return true;
  }
  return false;
}

function orError(error: unknown): GraphReadError {
  if (error instanceof GraphReadError) return error;
  throw error;
}
