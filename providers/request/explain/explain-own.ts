import type { RemoteAction } from "../../domain/actions/action-table.ts";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import { listed, quoted } from "../../support/words.ts";
import type { Entry } from "../checks/check-shape.ts";
import type { RequestFields } from "../fields.ts";
import { mistakeAt, type Place } from "../files/source-file.ts";
import { findSchemaErrors } from "../schema/find-schema-errors.ts";
import { explainPlainStep } from "./unknown-key.ts";

/** A step without a parameter that no two devices share, and no column that has it. */
export function explainAbsent(
  { node, fields }: Entry<RequestFields>,
  place: Place,
  action: RemoteAction,
  absent: readonly string[],
): Diagnostic {
  const names = listed(absent, "and");
  if (fields.devicesFrom !== undefined) {
    const message = `${action.name} needs ${names} for each device, and ${quoted(fields.devicesFrom)} has no such column`;
    return mistakeAt(place, "DLR014", message, waysOut(action, absent));
  }
  if (node.entries.has("steps")) return explainPlainStep(place.file, place.offset, action.name);
  const message = `${action.name} of this playbook takes ${names} from the columns of a list`;
  return mistakeAt(place, "DLR014", message, `write devicesFrom with a CSV file, or steps in place of the playbook`);
}

/** One value of such a parameter, written out for several devices. */
export function explainFixed(
  { fields }: Entry<RequestFields>,
  place: Place,
  action: RemoteAction,
  { fixed, devices }: { readonly fixed: readonly string[]; readonly devices: number },
): Diagnostic {
  const message = `${action.name} would give all ${devices} devices the same ${listed(fixed, "and")}`;
  const start = fields.devicesFrom === undefined ? "write devicesFrom in place of devices" : `write ${action.name} alone`;
  return mistakeAt(place, "DLR021", message, `${start}, and ${waysOut(action, fixed)}`);
}

/** `{{serialnumber}}` helps only where a serial number has the form of the parameter. */
function waysOut({ name, parameters }: RemoteAction, wanted: readonly string[]): string {
  const column = `give the CSV file a column ${listed(wanted, "and")} with a value for each device`;
  const [first = ""] = wanted;
  const takesSerial = findSchemaErrors(parameters, { [first]: "{{serialnumber}}" }).length === 0;
  return takesSerial ? `${column}; or write { ${name}: { ${first}: "LEEDS-{{serialnumber}}" } }` : column;
}
