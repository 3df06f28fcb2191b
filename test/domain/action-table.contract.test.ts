import { describe, expect, test } from "@jest/globals";
import type { GraphVersion } from "../../emulator/graph/graph-call.ts";
import { findRemoteAction, REMOTE_ACTIONS, type RemoteAction } from "../../providers/domain/actions/action-table.ts";
import { findLeftOut, LEFT_OUT } from "../../providers/domain/actions/left-out-actions.ts";
import { isObject } from "../../providers/domain/json.ts";
import { type ContractParameter, readContract } from "../emulator/support/contract.ts";

const VERSIONS: readonly GraphVersion[] = ["v1.0", "beta"];
const CONTRACTS = new Map(VERSIONS.map((version) => [version, readContract(version)?.actions()]));

/** The parameters of an entry of the table in the form of the contract's. */
function tableParameters(schema: unknown, before = ""): readonly ContractParameter[] {
  const properties = isObject(schema) && isObject(schema.properties) ? schema.properties : {};
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isObject(property)) return [];
    const path = `${before}${name}`;
    const values = Array.isArray(property.enum) ? property.enum.map(String) : null;
    return [{ path, type: String(property.type), values }, ...tableParameters(property, `${path}.`)];
  });
}

/** Left out itself, or inside of what is. */
function isLeftOut(action: string, path: string): boolean {
  return path.split(".").some((_, index, parts) => findLeftOut(action, parts.slice(0, index + 1).join(".")) !== undefined);
}

function supported(action: RemoteAction): ReadonlyMap<string, ContractParameter> {
  return new Map(tableParameters(action.parameters).map((parameter) => [parameter.path, parameter]));
}

describe.each(VERSIONS)("every remote action of Graph %s", (version) => {
  const actions = CONTRACTS.get(version);
  if (actions === undefined) {
    console.info(`No description of Graph ${version} beside the project's folder: the action table is not held against it.`);
    test.skip("is not at hand", () => {});
    return;
  }

  test("is an entry of the table, or left out with a reason", () => {
    const unknown = [...actions.keys()].filter((name) => findRemoteAction(name) === undefined && findLeftOut(name) === undefined);

    expect(actions.size).toBeGreaterThan(15);
    expect(unknown).toEqual([]);
  });

  test.each([...actions].filter(([name]) => findRemoteAction(name) !== undefined))(
    "%s has no parameter that is neither supported nor left out, and none of another type",
    (name, parameters) => {
      const known = supported(findRemoteAction(name) as RemoteAction);

      const wanted = parameters.filter(({ path }) => !isLeftOut(name, path));

      expect(wanted.map(({ path }) => known.get(path))).toEqual(wanted);
    },
  );
});

describe("every entry of the table", () => {
  const [v1, beta] = VERSIONS.map((version) => CONTRACTS.get(version));
  if (v1 === undefined || beta === undefined) {
    test.skip("has no descriptions of Graph beside it", () => {});
    return;
  }

  test.each(REMOTE_ACTIONS.map((action) => [action.name, action] as const))(
    "%s is in the version that it names, with its parameters",
    (name, action) => {
      const [inV1, inBeta] = [v1, beta].map((actions) => (actions.get(name) ?? []).map(({ path }) => path));
      const paths = [...supported(action).keys()];

      expect(v1.has(name) ? "v1.0" : beta.has(name) ? "beta" : "none").toBe(action.version);
      expect(paths.filter((path) => !inBeta?.includes(path))).toEqual([]);
      if (action.version === "v1.0") expect(paths.filter((path) => !inV1?.includes(path))).toEqual(action.betaParameters ?? []);
    },
  );

  test.each(LEFT_OUT.map(({ action, parameter }) => [action, parameter ?? null] as const))(
    "what is left out still exists: %s %s",
    (action, parameter) => {
      expect(beta.has(action)).toBe(true);
      if (parameter !== null) expect(beta.get(action)?.map(({ path }) => path)).toContain(parameter);
    },
  );
});
