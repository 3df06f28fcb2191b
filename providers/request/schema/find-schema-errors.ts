import { createRequire } from "node:module";
import type { Ajv, ErrorObject, ValidateFunction } from "ajv";
import type { JsonObject } from "../../domain/json.ts";

/**
 * Finds every fault of data against a schema. A schema is compiled once, when it is first needed.
 */
export function findSchemaErrors(schema: JsonObject, data: unknown): readonly ErrorObject[] {
  const validate = validatorOf(schema);
  return validate(data) ? [] : (validate.errors ?? []);
}

/**
 * True for data that its schema finds no fault in; whoever names `T` answers for it that the schema
 * asks for no less.
 */
export function fitsSchema<T>(schema: JsonObject, data: unknown): data is T {
  return findSchemaErrors(schema, data).length === 0;
}

const compiled = new Map<JsonObject, ValidateFunction>();

function validatorOf(schema: JsonObject): ValidateFunction {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const validate = newAjv().compile(schema);
  compiled.set(schema, validate);
  return validate;
}

/**
 * `verbose` hands the broken part of the schema to the explanation; `enumDescriptions` is a word
 * for editors. The schemas are our own and a test checks them against the meta-schema, whose
 * compilation would cost every run as much as theirs.
 */
function newAjv(): Ajv {
  const { Ajv: Compiler } = loadAjv();
  const ajv = new Compiler({
    allErrors: true,
    verbose: true,
    strictTypes: false,
    meta: false,
    validateSchema: false,
    logger: false,
    // A schema is compiled for some files, and its code is not made faster than it is.
    code: { optimize: false },
    formats: { date: isCalendarDate },
  });
  return ajv.addVocabulary(["enumDescriptions"]);
}

/** Not above: the provider's process knows a schema, and has nothing to hold against it. */
function loadAjv(): typeof import("ajv") {
  return createRequire(import.meta.url)("ajv");
}

/** `YYYY-MM-DD` and a day that exists: 2026-02-30 does not. */
function isCalendarDate(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number);
  const date = new Date(`${text}T00:00:00Z`);
  return date.getUTCFullYear() === year && date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}
