import { ConfigurationError } from "../../../providers/domain/errors.ts";
import type { DeviceStore } from "../devices/device-store.ts";
import { isNamed } from "../devices/device-store.ts";
import type { CallDescription } from "../journal.ts";
import type { FaultEffect, FaultSpec } from "./fault-spec.ts";

/** A fault that was set: how often it struck, and a way to take it back. */
export interface FaultHandle {
  readonly spec: FaultSpec;
  /** Calls that it struck. */
  readonly fired: number;
  remove(): void;
}

interface Entry {
  readonly spec: FaultSpec;
  matched: number;
  fired: number;
}

/** The faults that are set, in the order in which they were. */
export class FaultBook {
  #entries: Entry[] = [];
  readonly #devices: DeviceStore;

  constructor(devices: DeviceStore) {
    this.#devices = devices;
  }

  /** Throws for a device that does not exist: such a fault would never strike. */
  add(spec: FaultSpec): FaultHandle {
    const { device } = spec;
    if (device !== undefined && !this.#devices.all().some((candidate) => isNamed(candidate, device)))
      throw new ConfigurationError(`a fault names the device ${device}, which the emulator does not have`);
    const entry: Entry = { spec, matched: 0, fired: 0 };
    this.#entries.push(entry);
    return {
      spec,
      get fired() {
        return entry.fired;
      },
      remove: () => {
        this.#entries = this.#entries.filter((candidate) => candidate !== entry);
      },
    };
  }

  clear(): void {
    this.#entries = [];
  }

  list(): readonly { readonly spec: FaultSpec; readonly fired: number }[] {
    return this.#entries.map(({ spec, fired }) => ({ spec, fired }));
  }

  /** What strikes this call; counts it. */
  take(call: CallDescription): readonly FaultEffect[] {
    const effects: FaultEffect[] = [];
    for (const entry of this.#entries) {
      if (!this.#matches(entry.spec, call)) continue;
      entry.matched += 1;
      if (!isNth(entry.spec.nth, entry.matched)) continue;
      entry.fired += 1;
      effects.push(entry.spec.effect);
    }
    return effects;
  }

  #matches(spec: FaultSpec, call: CallDescription): boolean {
    if (spec.batched !== undefined && spec.batched !== call.batched) return false;
    if (spec.call !== undefined && ![spec.call].flat().some((word) => namesCall(word, call))) return false;
    if (spec.device === undefined) return true;
    const device = call.deviceId === null ? undefined : this.#devices.byId(call.deviceId);
    return device !== undefined && isNamed(device, spec.device);
  }
}

function namesCall(word: string, call: CallDescription): boolean {
  return word === "any" || word === call.kind || word === call.action;
}

function isNth(nth: FaultSpec["nth"], count: number): boolean {
  return nth === undefined || [nth].flat().includes(count);
}
