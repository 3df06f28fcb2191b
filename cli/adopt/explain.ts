import type { Diagnostic } from "../../providers/domain/diagnostic.ts";
import type { StepSpec } from "../../providers/domain/request.ts";
import { demandsOf } from "../../providers/request/checks/check-demands.ts";
import { exampleDate } from "../../providers/request/explain/example-date.ts";
import { DATA_FOLDERS } from "../overlay/judge-pull.ts";
import type { Field, Mistake, Wanted, Words } from "./wanted.ts";

/**
 * A mistake that the loader found, for somebody who wrote no file: about the field that the line
 * came from, or at its place in a file that was there before. `steps` are those of the playbook.
 */
export function explain(diagnostic: Diagnostic, wanted: Wanted, steps: readonly StepSpec[], words: Words): Mistake {
  const { location, message, hint = "" } = diagnostic;
  const field = fieldOf(diagnostic, wanted);
  if (field === null) return { where: `${location.file}:${location.line}:${location.column}`, message, hint };
  const demanded = new Set([...(wanted.acknowledge ?? []), ...demandsOf(steps)]);
  return { where: words.label(field), message, hint: hintOf(field, diagnostic.code, words, demanded) ?? hint };
}

const FIELDS: Readonly<Record<string, Field>> = {
  name: "name",
  device: "devices",
  devices: "devices",
  devicesFrom: "devices",
  serialNumber: "devices",
  id: "devices",
  playbook: "playbook",
  reason: "reason",
  ticket: "ticket",
  expires: "expires",
  acknowledge: "acknowledge",
};

/** Of what is missing, the line says nothing. Null for another file than the new one. */
function fieldOf({ code, location, sourceLine = "" }: Diagnostic, { name }: Wanted): Field | null {
  const folder = DATA_FOLDERS[0];
  if (location.file === `${folder}/${name}.csv`) return "devices";
  if (location.file !== `${folder}/${name}.yaml`) return null;
  if (code === "DLR202") return "expires";
  if (code === "DLR203") return "acknowledge";
  return FIELDS[/^[\s-]*(\w+):/.exec(sourceLine)?.[1] ?? ""] ?? null;
}

/** The loader's own hints tell which key to write, for people who write keys. */
function hintOf(field: Field, code: Diagnostic["code"], words: Words, demanded: ReadonlySet<string>): string | null {
  if (field === "expires") return words.write("expires", exampleDate());
  return code === "DLR203" ? `if that is so, ${words.write("acknowledge", ...demanded)}` : null;
}
