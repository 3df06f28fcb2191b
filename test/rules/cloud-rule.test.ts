import { describe, expect, test } from "@jest/globals";
import { REMOTE_ACTIONS } from "../../providers/domain/actions/action-table.ts";
import { CLOUD_NAMES } from "../../providers/domain/cloud-name.ts";
import { deviceFor, everyParameter, neededParameters } from "../support/action-samples.ts";
import { World } from "../support/fakes.ts";
import { WINDOWS } from "../support/fakes-devices.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";
import { checkDevice } from "../support/fakes-rules.ts";

const REMEDIATION = { action: "initiateOnDemandProactiveRemediation", parameters: { scriptPolicyId: "p" } };
const PLACES = CLOUD_NAMES.flatMap((cloud) => REMOTE_ACTIONS.map((action) => [action.name, cloud, action] as const));

describe("an action and the cloud", () => {
  test.each(PLACES)("%s in %s", (name, cloud, action) => {
    const isThere = action.clouds?.only.includes(cloud) ?? true;
    const device = deviceFor(action);
    const { plan } = jobOf(lifecycleRequest([{ action: name, parameters: neededParameters(action) }]), device);

    const violations = checkDevice(plan, device, { cloud }).filter(({ code }) => code === "DLR310");

    expect(violations.length).toBe(isThere ? 0 : 1);
    for (const { message, hint } of violations) {
      expect(message).toContain(cloud);
      expect(hint).toContain(action.clouds?.source);
    }
  });

  test("what the cloud lacks is refused before anything of the request is done", async () => {
    const world = new World(WINDOWS, null);
    const job = jobOf(lifecycleRequest(["syncDevice", REMEDIATION]), WINDOWS);

    const report = await world.run(job, { cloud: "usGovernmentDod" });

    expect(report).toMatchObject({
      outcome: "failed",
      reason: "NotInThisCloud",
      message: expect.stringContaining("fundamentals/government-service"),
    });
    expect(world.journal.filter(({ kind }) => kind === "POST")).toEqual([]);
  });

  test("the same request runs where the action exists", async () => {
    const world = new World(WINDOWS, null);

    const report = await world.run(jobOf(lifecycleRequest(["syncDevice", REMEDIATION]), WINDOWS), { cloud: "china" });

    expect(report.outcome).toBe("succeeded");
  });
});

describe("an action and what it does not allow", () => {
  test.each(REMOTE_ACTIONS.map((action) => [action.name, action] as const))(
    "%s is refused with its source on every other device",
    (_name, action) => {
      const step = { action: action.name, parameters: action.name === "wipe" ? {} : everyParameter(action) };
      const device = deviceFor(action);
      const [platform] = action.platforms;
      const wrong = [
        { code: "DLR303", device: { ...device, operatingSystem: "Linux" } },
        ...(platform !== undefined && action.minimumOs?.[platform] !== undefined
          ? [{ code: "DLR304", device: { ...device, osVersion: "1.0" } }]
          : []),
        ...(platform !== undefined && action.supervisedOn.includes(platform)
          ? [{ code: "DLR305", device: { ...device, isSupervised: false, deviceEnrollmentType: "userEnrollment" } }]
          : []),
      ];

      for (const { code, device: other } of wrong) {
        const { plan } = jobOf(lifecycleRequest([step]), other);
        const violations = checkDevice(plan, other, { acknowledge: ["personalDevice"] }).filter((violation) => violation.code !== "DLR306");

        expect(violations).toEqual([
          { code, message: expect.stringContaining(action.name), hint: expect.stringContaining(action.requirements) },
        ]);
      }
      const { plan } = jobOf(lifecycleRequest([step]), device);
      expect(checkDevice(plan, device).filter(({ code }) => code !== "DLR306")).toEqual([]);
    },
  );
});
