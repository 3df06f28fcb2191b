import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { allSchemas } from "../../cli/support/all-schemas.ts";
import { findRemoteAction, REMOTE_ACTIONS, STEP_NAMES } from "../../providers/domain/actions/action-table.ts";
import type { JsonValue } from "../../providers/domain/json.ts";
import { loadRequests } from "../../providers/request/load-requests.ts";
import { findSchemaErrors } from "../../providers/request/schema/find-schema-errors.ts";
import { REQUESTS_SCHEMA } from "../../providers/request/schema/schema.ts";
import { everyParameter, neededParameters } from "../support/action-samples.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../devices/schema");

const DEVICES = path.resolve(FOLDER, "..");
const { playbooks } = await loadRequests({ root: DEVICES, requests: "requests", playbooks: "playbooks" });
const ALL_SCHEMAS = allSchemas(playbooks);

describe.each(Object.entries(ALL_SCHEMAS))("devices/schema/%s", (name, schema) => {
  test("is what the action table gives (dlr validate --write-schemas writes it)", () => {
    expect(readFileSync(path.join(FOLDER, name), "utf8")).toBe(`${JSON.stringify(schema, null, 2)}\n`);
  });

  test("is a JSON Schema", () => {
    expect(new Ajv().validateSchema(schema)).toBe(true);
  });
});

test("there is no other schema", () => {
  expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(ALL_SCHEMAS).sort());
});

test("a playbook of the user's is completed as the built-in ones are, and any other name is allowed", () => {
  const own = { name: "mine", description: "Mine", steps: [], destroysData: true };

  const text = JSON.stringify(allSchemas([own])["requests.schema.json"]);

  expect(text).toContain('"retire","unlock","unlock-and-wipe","mine"]');
  expect(text).toContain('"Mine (destroys data)."');
  expect(findSchemaErrors(REQUESTS_SCHEMA, { requests: [{ name: "a", device: { id: "x" }, playbook: "another", reason: "r" }] })).toEqual(
    [],
  );
});

function errorsOf(step: JsonValue) {
  return findSchemaErrors(REQUESTS_SCHEMA, { requests: [{ name: "a", device: { id: "x" }, steps: [step], reason: "r" }] });
}

test.each(STEP_NAMES)(
  "the step %s is known to the schema, as a plain word only where it needs no parameters, or those of one device",
  (name) => {
    const action = findRemoteAction(name);
    const needed = action === undefined ? {} : neededParameters(action);
    const isPlain = name !== "waitFor" && Object.keys(needed).every((key) => action?.ofOneDevice?.includes(key));

    expect(errorsOf({ [name]: name === "waitFor" ? "done" : needed })).toEqual([]);
    expect(errorsOf(name).length === 0).toBe(isPlain);
  },
);

test.each(REMOTE_ACTIONS.map((action) => [action.name, action] as const))(
  "the schema takes the parameters of %s and no other",
  (name, action) => {
    expect(errorsOf({ [name]: everyParameter(action) })).toEqual([]);
    expect(errorsOf({ [name]: { ...neededParameters(action), another: true } })).not.toEqual([]);
  },
);
