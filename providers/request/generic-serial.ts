import type { Diagnostic } from "../domain/diagnostic.ts";
import { isGenericSerial } from "../domain/managed-device.ts";
import { quoted } from "../support/words.ts";
import { mistakeAt, type Place } from "./files/source-file.ts";

/** Vendors leave such numbers in place of a real one: they name many devices or none. */
export function checkGenericSerial(place: Place, serial: string): Diagnostic | null {
  if (!isGenericSerial(serial)) return null;
  return mistakeAt(place, "DLR028", `${quoted(serial)} is what a vendor writes where there is no serial number`, "name the device by id");
}
