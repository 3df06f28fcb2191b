import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { findRemoteAction, REMOTE_ACTIONS, type RemoteAction, STEP_NAMES, versionOf } from "../../providers/domain/actions/action-table.ts";
import { findLeftOut, LEFT_OUT } from "../../providers/domain/actions/left-out-actions.ts";
import { CLOUD_NAMES } from "../../providers/domain/cloud-name.ts";
import { isObject } from "../../providers/domain/json.ts";
import { everyParameter, neededParameters } from "../support/action-samples.ts";

const ACTIONS = REMOTE_ACTIONS.map((action) => [action.name, action] as const);
const DESTROYING = ["wipe", "retire", "delete", "cleanWindowsDevice", "deprovision"];
const MICROSOFT = /^https:\/\/learn\.microsoft\.com\/[\w#./-]+$/;

/** A pattern of the whole text that repeats nothing without end. */
const BOUNDED = /^\^[^+*]*\$$/;

/** Every schema below a schema, itself included, with its path. */
function schemasOf(schema: unknown, path: string): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  if (!isObject(schema)) return [];
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  return [[path, schema], ...properties.flatMap(([name, inner]) => schemasOf(inner, `${path}.${name}`))];
}

describe.each(ACTIONS)("the entry of %s", (_name, action) => {
  test("destroys data only with consent, and never twice", () => {
    expect(action.destroysData).toBe(DESTROYING.includes(action.name));
    if (action.destroysData) expect([action.demands.includes("dataLoss"), action.repeatable]).toEqual([true, false]);
    if (action.erasesOwner) expect(action.destroysData).toBe(true);
  });

  test("speaks only of its own platforms and parameters", () => {
    const parameters = Object.keys(action.parameters.properties);
    const platforms = [
      ...action.supervisedOn,
      ...Object.keys(action.minimumOs ?? {}),
      ...Object.values(action.parameterPlatforms ?? {}).flat(),
    ];

    expect(platforms.filter((platform) => !action.platforms.some((known) => known === platform))).toEqual([]);
    expect(
      [...(action.betaParameters ?? []), ...Object.keys(action.parameterPlatforms ?? {})].filter((name) => !parameters.includes(name)),
    ).toEqual([]);
    expect(new Set(action.platforms).size).toBe(action.platforms.length);
  });

  test("takes parameters that are bounded, explained, and never a secret", () => {
    for (const [path, schema] of schemasOf(action.parameters, action.name)) {
      const isBounded =
        schema.type !== "string" || schema.enum !== undefined || schema.maxLength !== undefined || BOUNDED.test(String(schema.pattern));
      expect([path, isBounded]).toEqual([path, true]);
      if (schema.type === "object") expect([path, schema.additionalProperties]).toEqual([path, false]);
      else expect([path, schema.description]).toEqual([path, expect.stringMatching(/\S/)]);
      expect(path).not.toMatch(/\.\w*(?:password|passcode|secret|token|pin|unlockcode)$/i);
    }
  });

  test("takes the examples that editors and messages show", () => {
    const validate = new Ajv({ strict: false }).compile(action.parameters);

    expect([validate(everyParameter(action)), validate.errors]).toEqual([true, null]);
    expect([validate(neededParameters(action)), validate.errors]).toEqual([true, null]);
    expect(validate({ another: true })).toBe(false);
  });

  test("names its sources", () => {
    expect(action.source).toMatch(MICROSOFT);
    if (action.doneByService !== undefined) expect(action.doneByService).toMatch(MICROSOFT);
    if (action.result.kind === "reported" && action.result.secret !== undefined) expect(action.result.secret.source).toMatch(MICROSOFT);
    expect(action.requirements).toMatch(MICROSOFT);
    if (action.clouds === undefined) return;
    expect(action.clouds.source).toMatch(MICROSOFT);
    expect(action.clouds.only).toContain("global");
    expect(action.clouds.only.length).toBeLessThan(CLOUD_NAMES.length);
  });

  test("needs a permission that is spelled as Graph spells it", () => {
    const spelled = expect.stringMatching(/^DeviceManagementManagedDevices\.(?:PrivilegedOperations|ReadWrite)\.All$/);

    expect(action.permission).toEqual({ application: spelled, delegated: spelled });
  });
});

test("is done by the device, but for what Microsoft says Intune does without it", () => {
  const byService = REMOTE_ACTIONS.filter(({ doneByService }) => doneByService !== undefined).map(({ name }) => name);

  expect(byService).toEqual(["bypassActivationLock"]);
});

test("no name is taken twice", () => {
  expect(new Set(STEP_NAMES).size).toBe(STEP_NAMES.length);
});

test("the tenant's daily limits and Multi Admin Approval are those that Microsoft documents", () => {
  expect(
    Object.fromEntries(REMOTE_ACTIONS.filter(({ dailyQuota }) => dailyQuota !== null).map(({ name, dailyQuota }) => [name, dailyQuota])),
  ).toEqual({
    wipe: 500,
    retire: 1000,
    delete: 1000,
  });
  expect(REMOTE_ACTIONS.filter(({ multiAdminApproval }) => multiAdminApproval).map(({ name }) => name)).toEqual([
    "wipe",
    "retire",
    "delete",
  ]);
});

test("locks people out by these actions, and by no others", () => {
  const locking = REMOTE_ACTIONS.filter((action) => action.locksOut).map(({ name }) => name);

  expect(locking.sort()).toEqual(["disable", "enableLostMode", "remoteLock", "resetPasscode"]);
  expect(REMOTE_ACTIONS.filter((action) => action.locksOut && action.destroysData)).toEqual([]);
});

test("no name of a result belongs to two actions", () => {
  const names = REMOTE_ACTIONS.flatMap(({ result }) => (result.kind === "reported" ? result.names.map((name) => name.toLowerCase()) : []));

  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

describe("the version of Graph", () => {
  const wipe = findRemoteAction("wipe") as RemoteAction;

  test.each([
    [{}, "v1.0"],
    [{ persistEsimDataPlan: true }, "v1.0"],
    [{ obliterationBehavior: "default" }, "beta"],
    [{ useProtectedWipe: false, keepUserData: false }, "beta"],
  ])("of a wipe with %j is %s", (parameters, version) => {
    expect(versionOf(wipe, parameters)).toBe(version);
  });

  test("of an action that only beta has is beta", () => {
    expect(versionOf(findRemoteAction("setDeviceName") as RemoteAction, { deviceName: "A-1" })).toBe("beta");
  });
});

describe("what is left out", () => {
  test("says why, once", () => {
    const names = LEFT_OUT.map(({ action, parameter = "" }) => `${action} ${parameter}`);

    expect(new Set(names).size).toBe(names.length);
    for (const { reason } of LEFT_OUT) expect(reason).toMatch(/^\S.{10,200}[^.\s]$/);
  });

  test("is an action as a whole, or one parameter of a supported action", () => {
    for (const { action, parameter } of LEFT_OUT)
      expect([action, findRemoteAction(action) === undefined]).toEqual([action, parameter === undefined]);
    expect(findLeftOut("wipe")).toBeUndefined();
    expect(findLeftOut("wipe", "macOsUnlockCode")?.reason).toContain("escrow");
  });
});
