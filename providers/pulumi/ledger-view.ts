import type { DestructiveRecord, LedgerRecord, RequestRecord } from "../domain/ledger-record.ts";
import { isGenericSerial, normalizeSerial } from "../domain/managed-device.ts";
import type { PlannedDevice } from "../domain/plan.ts";
import { type LifecycleRequest, requestKey } from "../domain/request.ts";
import { isEnded, isUnsettled } from "../engine/is-ended.ts";
import { editionOf } from "./edition.ts";

/** The ledger as it was read once, with the questions that the program asks of it answered from indexes. */
export class LedgerView {
  readonly #byKey = new Map<string, RequestRecord[]>();
  readonly #byDevice = new Map<string, DestructiveRecord[]>();
  /** Each destructive intent with its place in the ledger. */
  readonly #destructive = new Map<DestructiveRecord, number>();
  /** The first destructive intent of each request. */
  readonly #firstByKey = new Map<string, DestructiveRecord>();

  constructor(records: readonly LedgerRecord[]) {
    for (const record of records) if ("key" in record) this.#index(record);
  }

  #index(record: RequestRecord): void {
    push(this.#byKey, record.key, record);
    if ((record.kind !== "intent" && record.kind !== "adopted") || !record.destroysData) return;
    this.#destructive.set(record, this.#destructive.size);
    if (!this.#firstByKey.has(record.key)) this.#firstByKey.set(record.key, record);
    for (const name of namesOf(record.device)) push(this.#byDevice, name, record);
  }

  recordsOf(request: LifecycleRequest): readonly RequestRecord[] {
    return this.#byKey.get(requestKey(request)) ?? [];
  }

  isUnsettled(key: string): boolean {
    return isUnsettled(this.#byKey.get(key) ?? []);
  }

  isEnded(request: LifecycleRequest): boolean {
    return isEnded(this.recordsOf(request), editionOf(request));
  }

  /** Destructive intents for this device, under its id or its serial number, oldest first. */
  destructiveIntents(device: PlannedDevice): readonly DestructiveRecord[] {
    const found = new Set(namesOf(device).flatMap((name) => this.#byDevice.get(name) ?? []));
    return [...found].sort((a, b) => (this.#destructive.get(a) ?? 0) - (this.#destructive.get(b) ?? 0));
  }

  /** Keys of the requests whose first destructive intent is not older than the instant (milliseconds), or of no readable time. */
  destroyedSince(instant: number): ReadonlySet<string> {
    return new Set([...this.#firstByKey].filter(([, intent]) => !(Date.parse(intent.at) < instant)).map(([key]) => key));
  }

  hasDestroyed(request: LifecycleRequest): boolean {
    return this.recordsOf(request).some((record) => record.kind === "intent" && record.destroysData);
  }
}

/** What tells one device from others. A serial number that vendors leave in place of a real one would make one device of strangers. */
export function namesOf(device: PlannedDevice): string[] {
  const id = `id:${device.id.toLowerCase()}`;
  if (device.serialNumber === null || isGenericSerial(device.serialNumber)) return [id];
  return [id, `serial:${normalizeSerial(device.serialNumber)}`];
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
