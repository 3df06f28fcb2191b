import type { ErrorObject } from "ajv";
import { isObject, parseJson } from "../../providers/domain/json.ts";
import { findSchemaErrors } from "../../providers/request/schema/find-schema-errors.ts";
import { didYouMean } from "../../providers/support/did-you-mean.ts";
import { listed, quoted } from "../../providers/support/words.ts";
import { FORM_SCHEMA } from "./form-schema.ts";
import type { Mistake, Wanted, Words } from "./wanted.ts";

/** A form as its schema describes it. */
interface Form {
  readonly name?: string;
  readonly serialNumbers?: readonly string[];
  readonly ids?: readonly string[];
  readonly playbook: string;
  readonly reason: string;
  readonly ticket?: string;
  readonly expires?: string;
  readonly acknowledge?: readonly string[];
}

/** What a form wants, or what is wrong with its form. */
export type ReadForm =
  | { readonly kind: "wanted"; readonly wanted: Wanted }
  | { readonly kind: "wrong"; readonly mistakes: readonly Mistake[] };

/** The keys of a form, as its mistakes name them. */
export const FORM_WORDS: Words = {
  label: (field) => quoted(KEYS[field] ?? field),
  write: (field, ...values) =>
    `write ${quoted(KEYS[field] ?? field)}: ${JSON.stringify(field === "acknowledge" ? values : (values[0] ?? ""))}`,
};

const KEYS: Readonly<Record<string, string>> = { devices: "serialNumbers" };
const KNOWN = Object.keys(FORM_SCHEMA.properties ?? {});

/** `name` is that of the file, for a form that has none of its own. */
export function readForm(text: string, name: string): ReadForm {
  const form = parseJson(text);
  if (!isObject(form)) return wrong([{ where: "", message: "this is not one JSON object", hint: "docs/forms.md shows a form" }]);
  const errors = findSchemaErrors(FORM_SCHEMA, form);
  if (isForm(form, errors)) return { kind: "wanted", wanted: wantedOf(form, name) };
  return wrong(errors.filter(({ keyword, schemaPath }) => keyword !== "required" || !schemaPath.includes("oneOf")).map(explainError));
}

/** The schema says what a form is. */
function isForm(form: object, errors: readonly ErrorObject[]): form is Form {
  return errors.length === 0;
}

function wantedOf({ serialNumbers, ids = [], ...form }: Form, name: string): Wanted {
  const named =
    serialNumbers === undefined ? ({ key: "id", names: ids } as const) : ({ key: "serialNumber", names: serialNumbers } as const);
  return {
    name: form.name ?? name,
    devices: { kind: "named", ...named },
    playbook: form.playbook,
    reason: form.reason,
    ticket: form.ticket,
    expires: form.expires,
    acknowledge: form.acknowledge,
  };
}

function explainError({ keyword, instancePath, message = "", params, data }: ReturnType<typeof findSchemaErrors>[number]): Mistake {
  const where = instancePath.slice(1).replaceAll("/", ".");
  const known: unknown = params.additionalProperty ?? params.missingProperty;
  const key = typeof known === "string" ? known : "";
  switch (keyword) {
    case "required":
      return { where, message: `${quoted(key)} is missing`, hint: "write it; docs/forms.md shows a form" };
    case "additionalProperties":
      return { where, message: `unknown key ${quoted(key)}${didYouMean(key, KNOWN)}`, hint: `the keys are ${listed(KNOWN, "and")}` };
    case "oneOf":
      return { where, message: "a form has serialNumbers or ids, and not both", hint: 'write "serialNumbers": ["DMPXK2ABCDEF"]' };
    default:
      return { where, message: `${typeof data === "string" ? `${quoted(data)} ` : ""}${message}`, hint: HINTS[keyword] ?? "" };
  }
}

const HINTS: Readonly<Record<string, string>> = {
  pattern: "copy it from Intune again, without quotes and other signs",
  enum: "see devices/schema/form.schema.json",
};

function wrong(mistakes: readonly Mistake[]): ReadForm {
  return { kind: "wrong", mistakes };
}
