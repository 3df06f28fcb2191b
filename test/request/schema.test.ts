import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { REMOTE_ACTIONS, STEP_NAMES } from "../../providers/domain/action-table.ts";
import { renderSchema } from "../../providers/request/render-schema.ts";
import { REQUESTS_SCHEMA, SCHEMA_FILES } from "../../providers/request/schema.ts";
import { findSchemaErrors } from "../../providers/request/validators.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../devices/schema");

describe.each(Object.entries(SCHEMA_FILES))("devices/schema/%s", (name, schema) => {
  test("is what the action table gives (npm run validate -- --write-schemas writes it)", () => {
    expect(readFileSync(path.join(FOLDER, name), "utf8")).toBe(renderSchema(schema));
  });

  test("is a JSON Schema", () => {
    expect(new Ajv().validateSchema(schema)).toBe(true);
  });
});

test("there is no other schema", () => {
  expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(SCHEMA_FILES).sort());
});

test.each(STEP_NAMES)("the step %s is known to the schema", (name) => {
  const step = name === "waitFor" ? { waitFor: "done" } : name;
  const request = { name: "a", device: { id: "x" }, steps: [step], reason: "r" };

  expect(findSchemaErrors(REQUESTS_SCHEMA, { requests: [request] })).toEqual([]);
});

test.each(REMOTE_ACTIONS.map((action) => [action.name, Object.keys(action.parameters.properties)] as const))(
  "the schema takes the parameters of %s and no other",
  (name, parameters) => {
    const errorsOf = (given: object) =>
      findSchemaErrors(REQUESTS_SCHEMA, { requests: [{ name: "a", device: { id: "x" }, steps: [{ [name]: { ...given } }], reason: "r" }] });

    expect(errorsOf(Object.fromEntries(parameters.map((parameter) => [parameter, true])))).toEqual([]);
    expect(errorsOf({ another: true })).not.toEqual([]);
  },
);
