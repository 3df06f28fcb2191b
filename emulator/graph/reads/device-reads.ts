import { canonicalJson, type JsonObject } from "../../../providers/domain/json.ts";
import type { DeviceState } from "../devices/device-state.ts";
import type { DeviceStore } from "../devices/device-store.ts";
import { listView, propertyValue, singleView, stubView } from "../devices/device-view.ts";
import { gatewayError, intuneError } from "../faults/error-answer.ts";
import { type GraphAnswer, type GraphCall, jsonAnswer } from "../graph-call.ts";
import type { AppReads } from "../options.ts";
import type { Route } from "../routes.ts";
import { type DeviceQuery, parseDeviceQuery, skipToken } from "./odata-query.ts";

/** `EmulatorOptions`, completed with defaults and the emulator's own address. */
export interface ReadOptions {
  readonly pageSize: number;
  readonly filterTrap: boolean;
  readonly filterCase: "sensitive" | "insensitive";
  readonly appReads: AppReads;
  /** `http://127.0.0.1:PORT`, for links. */
  readonly baseUrl: string;
}

/** GET of one device. */
export function readDevice(
  call: GraphCall,
  route: Route,
  store: DeviceStore,
  options: ReadOptions & { readonly hideCode: boolean },
): GraphAnswer {
  const query = parseDeviceQuery(call, "single", options.filterCase);
  if (query.kind === "refused") return gatewayError(call, 400, query.message);
  const device = store.byPath(route.parameters);
  if (device === undefined) return deviceNotFound(call);
  const context = { "@odata.context": `${options.baseUrl}/${call.version}/$metadata#deviceManagement/managedDevices/$entity` };
  const view = { ...query, version: call.version, now: call.receivedAt, hideCode: options.hideCode };
  if (route.parameters.app === undefined || options.appReads === "whole")
    return jsonAnswer(200, { ...context, ...singleView(device, view) });
  return options.appReads === "stubbed"
    ? jsonAnswer(200, { ...context, ...stubView(device, view) })
    : intuneError(call, 400, "Bad Request");
}

/** GET of a collection of devices, a page at a time. */
export function listDevices(call: GraphCall, route: Route, store: DeviceStore, options: ReadOptions): GraphAnswer {
  const query = parseDeviceQuery(call, "list", options.filterCase);
  if (query.kind === "refused") return gatewayError(call, 400, query.message);
  const devices = store.byCollection(route.parameters);
  if (devices === undefined) return intuneError(call, 404, "The requested resource was not found.");
  const found = order(filter(devices, query, options, call.receivedAt), query, call.receivedAt);
  const end = query.skip + Math.min(query.top ?? options.pageSize, options.pageSize);
  const view = { select: query.select, version: call.version, now: call.receivedAt };
  return jsonAnswer(200, {
    "@odata.context": `${options.baseUrl}/${call.version}/$metadata#deviceManagement/managedDevices`,
    ...(query.count ? { "@odata.count": found.length } : {}),
    ...(end < found.length ? { "@odata.nextLink": nextLink(call, options, end) } : {}),
    value: found.slice(query.skip, end).map((device) => listView(device, view)),
  } satisfies JsonObject);
}

/** As Intune answers for an id that it does not know, or not any more. */
export function deviceNotFound(call: GraphCall): GraphAnswer {
  return intuneError(call, 404, "The requested device was not found.");
}

function filter(devices: readonly DeviceState[], query: DeviceQuery, options: ReadOptions, now: number): readonly DeviceState[] {
  const { filter } = query;
  if (filter?.kind !== "filter" || options.filterTrap) return devices;
  return devices.filter((device) =>
    filter.matches((name) => {
      const value = propertyValue(device, name, now);
      return typeof value === "string" ? value : null;
    }),
  );
}

function order(devices: readonly DeviceState[], query: DeviceQuery, now: number): readonly DeviceState[] {
  const { orderBy } = query;
  if (orderBy === null) return devices;
  const key = (device: DeviceState) => {
    const value = propertyValue(device, orderBy.property, now);
    return typeof value === "string" ? value : canonicalJson(value);
  };
  const sign = orderBy.descending ? -1 : 1;
  return devices.toSorted((a, b) => sign * compareText(key(a), key(b)));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function nextLink(call: GraphCall, options: ReadOptions, offset: number): string {
  const query = new URLSearchParams(call.query);
  query.delete("$skip");
  query.set("$skiptoken", skipToken(offset));
  const path = call.segments.map(encodeURIComponent).join("/");
  return `${options.baseUrl}/${call.version}/${path}?${query.toString().replaceAll("%24", "$")}`;
}
