import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { findRemoteAction } from "../../providers/domain/actions/action-table.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { isObject } from "../../providers/domain/json.ts";
import { serve } from "../serve.ts";
import { ApprovalBook } from "./actions/approvals.ts";
import { AuditBook, PORTAL } from "./audit/audit-book.ts";
import { DEFAULT_FLEET } from "./devices/default-fleet.ts";
import { describeDevice } from "./devices/device-report.ts";
import { DeviceStore } from "./devices/device-store.ts";
import type { Emulator } from "./emulator.ts";
import { FaultBook } from "./faults/fault-book.ts";
import type { FaultSpec } from "./faults/fault-spec.ts";
import { Throttle } from "./faults/throttle.ts";
import { checkDevices, checkFaults } from "./input-check.ts";
import { Journal } from "./journal.ts";
import { DEFAULT_OPTIONS, type EmulatorOptions } from "./options.ts";
import { PolicyBook } from "./policies/policy-book.ts";
import type { World } from "./world.ts";

export type { EmulatedDevice } from "./devices/emulated-device.ts";
export type { Emulator } from "./emulator.ts";
export type { FaultSpec } from "./faults/fault-spec.ts";
export type { RecordedRequest } from "./journal.ts";
export type { EmulatorOptions } from "./options.ts";

/** Throws `ConfigurationError` for options that do not fit and for a port that is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const baseUrl = { value: "" };
  const world = createWorld(options, baseUrl);
  const server = createServer({ keepAliveTimeout: 60_000 });
  const port = await listen(server, options.port ?? DEFAULT_OPTIONS.port);
  baseUrl.value = `http://127.0.0.1:${port}`;
  const emulator = facade(world, server, baseUrl.value);
  serve(server, world, emulator);
  return emulator;
}

function createWorld(options: EmulatorOptions, baseUrl: { readonly value: string }): World {
  const all = { ...DEFAULT_OPTIONS, ...options };
  const { clock, checkInDelayMs, latencyMs, throttle, pageSize, filterTrap, filterCase, appReads, approvals = null } = all;
  const devices = new DeviceStore(checkDevices(options.devices ?? DEFAULT_FLEET, "devices"), { clock, checkInDelayMs });
  return {
    devices,
    clock,
    checkInDelayMs,
    latencyMs,
    journal: new Journal(),
    policies: new PolicyBook(),
    faults: createFaults(devices, all.faults),
    audit: new AuditBook(clock, all.audit),
    approvals: new ApprovalBook({ clock, ...approvals }),
    approvalOptions: approvals,
    throttle: throttle === "off" ? null : new Throttle(throttle),
    authorization: all,
    reads: {
      pageSize,
      filterTrap,
      filterCase,
      appReads,
      get baseUrl() {
        return baseUrl.value;
      },
    },
  };
}

function createFaults(devices: DeviceStore, given: readonly FaultSpec[]): FaultBook {
  const faults = new FaultBook(devices);
  for (const device of devices.all()) for (const fault of device.settings.faults ?? []) faults.add({ device: device.id, ...fault });
  for (const fault of checkFaults(given, "faults")) faults.add(fault);
  return faults;
}

function facade(world: World, server: Server, url: string): Emulator {
  const { devices, faults, journal, approvals, audit, clock } = world;
  return {
    url,
    requests: journal.requests,
    get actionCalls() {
      return journal.requests.filter((request) => request.kind === "action");
    },
    get approvals() {
      return approvals.list();
    },
    policies: world.policies,
    device: (idOrSerial) => describeDevice(devices.named(idOrSerial), clock()),
    devices: () => devices.all().map((device) => describeDevice(device, clock())),
    setFault: (spec) => faults.add(checkFaults([spec], "fault")[0] ?? spec),
    clearFaults: () => faults.clear(),
    act(idOrSerial, name, parameters = {}, actor = PORTAL) {
      const action = findRemoteAction(name);
      if (action === undefined) throw new ConfigurationError(`no action is named ${name}`);
      const device = devices.named(idOrSerial);
      const pending = devices.accept(device, { action, parameters, clientRequestId: null, source: "elsewhere" });
      audit.record({ device, pending, actor, clientRequestId: null });
    },
    addAuditEvent: (event) => audit.add(event),
    checkIn: (idOrSerial) => devices.checkIn(devices.named(idOrSerial)),
    rotateCode: (idOrSerial) => devices.rotateCode(devices.named(idOrSerial)),
    reenrol: (idOrSerial, options) => devices.reenrol(devices.named(idOrSerial), options),
    remove(idOrSerial) {
      devices.named(idOrSerial).present = false;
    },
    decideApproval(id, decision, justification) {
      if (!approvals.decide(id, decision, justification)) throw new ConfigurationError(`no open approval request has the id ${id}`);
    },
    on: (event, listener) => journal.on(event, listener),
    close: () => close(server),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, port)));
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function listenError(error: Error, port: number): Error {
  const code = isObject(error) ? error.code : undefined;
  const hint = "choose another port, or 0 for a free one";
  if (code === "EADDRINUSE") return new ConfigurationError(`port ${port} is taken by another program`, { hint, cause: error });
  if (code === "EACCES") return new ConfigurationError(`port ${port} may not be used by this user`, { hint, cause: error });
  return error;
}

function close(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
