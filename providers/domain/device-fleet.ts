import type { GraphReadError } from "./errors.ts";
import type { ManagedDevice } from "./managed-device.ts";
import type { Redacted } from "./redacted.ts";

/** An entry of the list of devices that has another form than expected; what it shows of itself. */
export interface UnreadableDevice {
  readonly id: string | null;
  readonly serialNumber: string | null;
  readonly deviceName: string | null;
  readonly why: string;
}

/** All devices of a tenant, each once. */
export interface FleetList {
  readonly devices: readonly ManagedDevice[];
  readonly unreadable: readonly UnreadableDevice[];
}

/** Judges one code, null where the device has none; what it returns must not tell the code. */
export type LookAtCode<T> = (code: Redacted<string> | null, id: string) => T;

/** Reads of a whole tenant, for reports; nothing is sent to a device. */
export interface DeviceFleet {
  /** Every page of the list. Throws `GraphReadError` where one page cannot be had. */
  listAll(): Promise<FleetList>;
  /**
   * Reads the bypass code of each device once, hands it to `look` and keeps what `look` says. In
   * order of the ids; an error stands where a code could not be read. Where Graph refuses a whole
   * batch, or all of the first one, the rest is not asked for and has that error.
   */
  lookAtCodes<T>(ids: readonly string[], look: LookAtCode<T>): Promise<readonly (T | GraphReadError)[]>;
}
