import { describe, expect, test } from "@jest/globals";
import { editionOf } from "../../providers/pulumi/edition.ts";
import { fromStored, inputsFromStored, inputsOf, inputsToStored, type LifecycleOutputs, toStored } from "../../providers/pulumi/state.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";

const REQUEST = lifecycleRequest(UNLOCK_AND_WIPE, { playbook: "unlock-and-wipe" });
const { plan } = jobOf(REQUEST);

describe("the inputs of a resource", () => {
  test("hold what policies look at, at the top", () => {
    const inputs = inputsOf(REQUEST, plan, { destructive: true, begun: false, stack: "prod" });

    expect(inputs).toMatchObject({
      request: { name: REQUEST.name, source: "devices/requests/a.yaml:2", edition: editionOf(REQUEST) },
      device: { id: IPAD.id, serialNumber: IPAD.serialNumber, enrolledDateTime: IPAD.enrolledDateTime },
      destructive: true,
      begun: false,
      expires: "2026-12-31",
      ticket: "INC-4711",
      playbook: "unlock-and-wipe",
    });
  });

  test("hold nothing that changes by itself: no name, no version, no user of the device", () => {
    const text = JSON.stringify(inputsOf(REQUEST, plan, { destructive: true, begun: false, stack: "prod" }));

    for (const fact of [IPAD.deviceName, IPAD.osVersion, IPAD.userPrincipalName, IPAD.lastSyncDateTime]) expect(text).not.toContain(fact);
  });

  test("of a begun request plan under the key of its own generation", () => {
    expect(inputsOf({ ...REQUEST, generation: 3 }, plan, { destructive: true, begun: true, stack: "prod" }).plan.key).toBe(
      "leeds-leaver-0042#3",
    );
  });
});

describe("the inputs that Pulumi gets", () => {
  const inputs = inputsOf(REQUEST, plan, { destructive: true, begun: false, stack: "prod" });
  const asKept = (stored: object) => JSON.parse(JSON.stringify(stored));

  test("have the plan as one text, and come back as they were", () => {
    const stored = inputsToStored(inputs);

    expect(typeof stored.plan).toBe("string");
    expect(stored).toMatchObject({ request: { name: REQUEST.name }, device: { id: IPAD.id }, destructive: true, expires: "2026-12-31" });
    expect(inputsFromStored(asKept(stored))).toEqual(inputs);
  });

  test("leave out what is null at the top: each value there costs", () => {
    const bare = { ...inputs, expires: null, ticket: null, playbook: null };
    const stored = inputsToStored(bare);

    expect(Object.keys(stored).sort()).toEqual(["begun", "destructive", "device", "plan", "request"]);
    expect(inputsFromStored(asKept(stored))).toEqual(bare);
  });

  test("of earlier versions have the plan as a tree, and nulls", () => {
    const earlier = { ...inputs, ticket: null };

    expect(inputsFromStored(asKept(earlier))).toEqual(earlier);
  });

  test.each([["{}"], ["no plan"], ["null"]])("with %p for a plan are none", (text) => {
    expect(() => inputsFromStored({ ...inputsToStored(inputs), plan: text })).toThrow("the plan in the state of a request is none");
  });
});

describe("the outputs of a resource", () => {
  const outputs = { outcome: "succeeded", plan, edition: "e", onDrift: "report" } as unknown as LifecycleOutputs;

  test("are kept with the plan as one text, and come back as they were", () => {
    const stored = toStored(outputs);

    expect(typeof stored.plan).toBe("string");
    expect(stored).toMatchObject({ outcome: "succeeded", edition: "e", onDrift: "report" });
    expect(fromStored(JSON.parse(JSON.stringify(stored)))).toEqual(outputs);
  });

  test("of earlier versions have the plan as a tree", () => {
    expect(fromStored(JSON.parse(JSON.stringify(outputs)))).toEqual(outputs);
  });
});
