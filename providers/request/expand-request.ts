import type { Diagnostic } from "../domain/diagnostic.ts";
import type { DeviceSelector } from "../domain/request.ts";
import { checkSelector } from "./checks/check-selector.ts";
import type { Entry } from "./checks/check-shape.ts";
import type { CsvLibrary } from "./csv/csv-library.ts";
import type { CsvCell } from "./csv/read-csv.ts";
import { deviceKey, deviceSuffix } from "./device-key.ts";
import type { RequestFields } from "./fields.ts";
import { mistakeAt, type Place } from "./files/source-file.ts";
import { checkGenericSerial } from "./generic-serial.ts";
import { entryOf, itemsOf, type YamlNode } from "./yaml/yaml-node.ts";

/**
 * One device that a request names, and where. `suffix` is null for a request of a single device.
 */
export interface NamedDevice {
  readonly selector: DeviceSelector;
  readonly suffix: string | null;
  readonly place: Place;
  /** Of a row of a CSV file: what it has for the parameters that belong to one device. */
  readonly cells?: ReadonlyMap<string, CsvCell>;
}

/** The devices of one request, each with the suffix that its name gets. */
export interface Expansion {
  readonly devices: readonly NamedDevice[];
  readonly diagnostics: readonly Diagnostic[];
  /** False when some device is left out because of a mistake, here or in the CSV file. */
  readonly sound: boolean;
}

/** All devices of one request, from whichever of the three keys it has. */
export function expandRequest(entry: Entry<RequestFields>, csv: CsvLibrary): Expansion {
  const expansions = [expandDevice(entry), expandDevices(entry), expandCsv(entry, csv)];
  return {
    devices: expansions.flatMap((expansion) => expansion.devices),
    diagnostics: expansions.flatMap((expansion) => expansion.diagnostics),
    sound: expansions.every((expansion) => expansion.sound),
  };
}

const NOTHING: Expansion = { devices: [], diagnostics: [], sound: true };

function expandDevice({ file, node, fields }: Entry<RequestFields>): Expansion {
  const written = node.entries.get("device");
  if (written === undefined) return NOTHING;
  const combination = checkSelector(file, written.value, "device");
  const device = fields.device;
  if (device === undefined || combination.length > 0) return { devices: [], diagnostics: combination, sound: false };
  const generic = checkSerial({ file, offset: valueOffset(written.value, "serialNumber") }, device);
  const place = { file, offset: written.keyOffset };
  return { devices: [{ selector: tidy(device), suffix: null, place }], diagnostics: generic, sound: generic.length === 0 };
}

function expandDevices({ file, node, fields }: Entry<RequestFields>): Expansion {
  const items = itemsOf(node.entries.get("devices")?.value);
  const diagnostics = items.flatMap((item) => checkSelector(file, item, "row"));
  if (fields.devices === undefined || diagnostics.length > 0) return { devices: [], diagnostics, sound: items.length === 0 };
  const devices: NamedDevice[] = [];
  const firstPlaces = new Map<string, Place>();
  for (const [index, selector] of fields.devices.entries()) {
    const place = { file, offset: items[index]?.offset ?? node.offset };
    const key = deviceKey(selector) ?? "";
    const wrong = [...checkSerial(place, selector), ...checkRepetition(place, key, firstPlaces.get(key))];
    diagnostics.push(...wrong);
    if (wrong.length === 0) devices.push({ selector: tidy(selector), suffix: deviceSuffix(selector), place });
    if (!firstPlaces.has(key)) firstPlaces.set(key, place);
  }
  return { devices, diagnostics, sound: diagnostics.length === 0 };
}

function expandCsv({ file, node, fields }: Entry<RequestFields>, csv: CsvLibrary): Expansion {
  const written = node.entries.get("devicesFrom");
  if (written === undefined || fields.devicesFrom === undefined) return NOTHING;
  const answer = csv.rowsOf(fields.devicesFrom, { file, offset: written.value.offset });
  if (answer.kind === "refused") return { devices: [], diagnostics: [answer.diagnostic], sound: false };
  const devices = answer.rows.map(({ selector, place, cells }) => ({ selector, suffix: deviceSuffix(selector), place, cells }));
  return { devices, diagnostics: [], sound: answer.sound };
}

function checkSerial(place: Place, { serialNumber }: DeviceSelector): readonly Diagnostic[] {
  const wrong = serialNumber === undefined ? null : checkGenericSerial(place, serialNumber);
  return wrong === null ? [] : [wrong];
}

function checkRepetition(place: Place, key: string, first: Place | undefined): readonly Diagnostic[] {
  if (first === undefined) return [];
  const { line } = first.file.locate(first.offset);
  return [mistakeAt(place, "DLR207", `the device with the ${key} stands in line ${line} already`, "delete one of the two")];
}

function valueOffset(node: YamlNode, key: string): number {
  return entryOf(node, key)?.value.offset ?? node.offset;
}

/** Spaces around a serial number come from copying it. */
function tidy(selector: DeviceSelector): DeviceSelector {
  return selector.serialNumber === undefined ? selector : { ...selector, serialNumber: selector.serialNumber.trim() };
}
