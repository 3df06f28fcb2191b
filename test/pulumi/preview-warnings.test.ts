import { describe, expect, test } from "@jest/globals";
import type { ManagedDevice } from "../../providers/domain/managed-device.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import type { FirstAct } from "../../providers/engine/decide/first-act.ts";
import { previewWarnings } from "../../providers/pulumi/program/preview-warnings.ts";
import { ANDROID, actionResult, IPAD, MAC, WINDOWS } from "../support/fakes-devices.ts";
import { AT, begun, finished, sent } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest, type StepText } from "../support/fakes-requests.ts";
import { entryOf } from "../support/fakes-resolved.ts";
import { ends } from "../support/fakes-review.ts";

const RECALL = "what is accepted cannot be recalled: neither a revert nor removing the request brings the data back";
const FOLLOWS: FirstAct = { kind: "follows", text: "follows: something" };

interface Asked {
  readonly records?: readonly RequestRecord[];
  readonly act?: FirstAct;
  /** Actions that Graph last wanted an approval for. */
  readonly approvals?: readonly string[];
}

function warned(steps: readonly StepText[], device: ManagedDevice | null, { records, act = FOLLOWS, approvals = [] }: Asked = {}) {
  const entry = entryOf({ steps }, { device, ...(records === undefined ? {} : { records }) });
  const { name } = entry.request;
  const facts = { now: Date.parse(AT), wasApprovalAsked: (action: string) => approvals.includes(action) };
  return previewWarnings([entry], new Map([[name, act]]), facts).get(name) ?? [];
}

const of = (device: ManagedDevice, changes: Partial<ManagedDevice>): ManagedDevice => ({ ...device, ...changes });
const chromebook = of(ANDROID, { operatingSystem: "ChromeOS", managementAgent: "google", deviceEnrollmentType: "unknownFutureValue" });
const userEnrolled = of(IPAD, { deviceEnrollmentType: "appleUserEnrollment", managedDeviceOwnerType: "personal", isSupervised: false });
const byod = of(ANDROID, { managedDeviceOwnerType: "personal" });
const administered = of(ANDROID, { managementAgent: "easMdm", deviceEnrollmentType: "userEnrollment" });
const coManaged = of(WINDOWS, { deviceEnrollmentType: "windowsCoManagement", managementAgent: "configurationManagerClientMdm" });
const KEEPS_ESIM = { action: "wipe", parameters: { persistEsimDataPlan: true } };

describe("what Microsoft's pages say of an action on some devices", () => {
  const rows: readonly (readonly [string, StepText, ManagedDevice, string])[] = [
    ["wipe in Apple's User Enrollment", "wipe", userEnrolled, "wipe does not work on a device in Apple's User Enrollment"],
    ["resetPasscode in it", "resetPasscode", userEnrolled, "resetPasscode does not work on a device in Apple's User Enrollment"],
    ["wipe of a personal Android", "wipe", byod, "wipe does not work on an Android with a personal work profile"],
    ["wipe under a device administrator", "wipe", administered, "wipe does not work on an Android that a device administrator manages"],
    ["wipe of a Samsung", "wipe", of(ANDROID, { manufacturer: "samsung" }), "wipe never finishes on a fully managed Samsung whose policy"],
    ["wipe of a Zebra", "wipe", of(ANDROID, { manufacturer: "Zebra Technologies" }), "wipe removes company data alone on a Zebra"],
    ["wipe of a Chromebook", "wipe", chromebook, "wipe leaves a ChromeOS device that enrols itself again"],
    ["wipe of an Android's eSIM", "wipe", ANDROID, "wipe leaves it to Intune whether an eSIM keeps its data plan"],
    ["retire of a corporate Android", "retire", ANDROID, "retire does not work on a fully managed or dedicated Android"],
    ["retire of an Entra joined PC", "retire", WINDOWS, "retire takes the BitLocker protectors of an Entra joined PC away"],
    ["delete of an Entra joined PC", "delete", WINDOWS, "delete takes the BitLocker protectors of an Entra joined PC away"],
    ["delete of a corporate Android", "delete", ANDROID, "delete wipes a corporate Android"],
    [
      "a co-managed PC's name",
      { action: "setDeviceName", parameters: { deviceName: "A" } },
      coManaged,
      "setDeviceName does not work on a PC that is co-",
    ],
    [
      "a personal Mac's name",
      { action: "setDeviceName", parameters: { deviceName: "A" } },
      of(MAC, { managedDeviceOwnerType: "personal" }),
      "setDeviceName works on corporate computers alone",
    ],
    ["restart of a personal Android", "rebootNow", byod, "rebootNow does not work on an Android with a personal work profile"],
    ["restart of a corporate Android", "rebootNow", ANDROID, "rebootNow does not work on a corporate Android with a work profile"],
    ["restart of a Chromebook", "rebootNow", chromebook, "rebootNow works in kiosk mode"],
    [
      "a notification to a corporate Android",
      "sendCustomNotificationToCompanyPortal",
      ANDROID,
      "sendCustomNotificationToCompanyPortal reaches no corporate Android",
    ],
    ["Recovery Lock", "rotateRecoveryLockPasscode", MAC, "rotateRecoveryLockPasscode works on Macs with Apple silicon alone"],
  ];

  test.each(rows)("%s", (_name, step, device, text) => {
    const found = warned([step], device).filter((warning) => warning.startsWith(text));

    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/ \(https:\/\/learn\.microsoft\.com\/[^ ]+\)$/);
  });

  test.each<readonly [string, StepText, ManagedDevice, string]>([
    ["an iPad that was enrolled in bulk", "wipe", IPAD, "User Enrollment"],
    ["a corporate Android of Google's", KEEPS_ESIM, ANDROID, "Android"],
    ["a Samsung that is personal", "wipe", of(byod, { manufacturer: "samsung" }), "Samsung"],
    ["a wipe that says what becomes of the eSIM", KEEPS_ESIM, ANDROID, "eSIM"],
    ["a PC that is only registered", "retire", of(WINDOWS, { deviceEnrollmentType: "userEnrollment" }), "BitLocker"],
    ["a corporate PC's name", { action: "setDeviceName", parameters: { deviceName: "A" } }, WINDOWS, "setDeviceName"],
    ["a PC of no known platform", "retire", of(WINDOWS, { operatingSystem: null }), "BitLocker"],
  ])("says nothing of %s", (_name, step, device, word) => {
    expect(warned([step], device).filter((text) => text !== RECALL && text.includes(word))).toEqual([]);
  });

  test("an owner whom Graph does not tell is warned of as either", () => {
    for (const told of [null, "unknown", "unknownFutureValue"]) {
      const texts = warned(["rebootNow"], of(ANDROID, { managedDeviceOwnerType: told }));
      expect(texts.filter((text) => text.startsWith("rebootNow"))).toHaveLength(2);
    }
  });

  test("a Chromebook that is deprovisioned before its wipe is fine", () => {
    const deprovision = { action: "deprovision", parameters: { deprovisionReason: "retiring_device" } };

    expect(warned([deprovision, "wipe"], chromebook).join("\n")).not.toContain("enrols itself again");
    expect(warned(["wipe", deprovision], chromebook).join("\n")).toContain("enrols itself again");
  });
});

describe("steps that Intune drops", () => {
  const DROPS =
    /^Intune drops rebootNow where the device has not done it when (wipe|retire|delete) is sent: waitFor: done after it waits \(https:/;

  test.each(["wipe", "retire", "delete"])("a step of the device before %s without waitFor", (last) => {
    expect(warned(["rebootNow", last], IPAD).filter((text) => DROPS.test(text))).toHaveLength(1);
    expect(
      warned(["rebootNow", { action: "waitFor", parameters: { state: "done" } }, last], IPAD).filter((text) => DROPS.test(text)),
    ).toEqual([]);
    expect(warned([last, "rebootNow"], IPAD).filter((text) => DROPS.test(text))).toEqual([]);
  });

  test("what Intune does itself is not dropped, nor what the device has done", () => {
    expect(warned(["escrowBypassCode", "bypassActivationLock", "wipe"], IPAD).join("\n")).not.toContain("Intune drops");

    const { plan } = jobOf(lifecycleRequest(["rebootNow", "wipe"]));
    expect(warned(["rebootNow", "wipe"], IPAD, { records: [begun(plan), ...sent(0), finished(0)] }).join("\n")).not.toContain(
      "Intune drops",
    );
    expect(warned(["rebootNow", "wipe"], IPAD, { records: [begun(plan), ...sent(0)] }).join("\n")).toContain("Intune drops rebootNow");
  });
});

describe("the device as it stands", () => {
  test("an action of somebody else's that is under way", () => {
    const device = of(IPAD, { deviceActionResults: [actionResult("remoteLock", "pending"), actionResult("locateDevice", "done")] });

    expect(warned(["wipe"], device).filter((text) => text.includes("sent by somebody else"))).toEqual([
      "remoteLock is pending on the device since 2026-11-20T11:00:00Z, sent by somebody else: a wipe, retire or delete drops it, or drops what is sent now",
    ]);
    expect(warned(["remoteLock"], device).join("\n")).not.toContain("somebody else");
  });

  test.each([
    ["2026-10-21T12:00:00Z", ["Intune has not seen the device for 30 days: what is sent waits until it checks in"]],
    ["2026-10-21T12:00:01Z", []],
    [null, ["Intune does not say that the device ever checked in: what is sent waits until it does"]],
  ])("last seen %s", (lastSyncDateTime, expected) => {
    expect(warned(["syncDevice"], of(IPAD, { lastSyncDateTime }))).toEqual(expected);
    expect(warned(["bypassActivationLock"], of(IPAD, { lastSyncDateTime }))).toEqual([]);
  });
});

describe("approvals", () => {
  test("only where Graph last wanted one for that action", () => {
    const text = warned(["wipe"], IPAD, { approvals: ["wipe"] }).find((warning) => warning.startsWith("Multi Admin Approval covers wipe"));

    expect(text).toContain("awaitingApproval until another administrator approves it in Intune, within 3 days");
    expect(warned(["wipe"], IPAD, { approvals: ["retire"] }).join("\n")).not.toContain("Multi Admin");
    expect(warned(["rebootNow"], IPAD, { approvals: ["rebootNow"] }).join("\n")).not.toContain("Multi Admin");
  });
});

test("nothing is warned of what will not run, nor of what is not shown", () => {
  expect(warned(["wipe"], ANDROID, { act: ends("pending", "held") })).toEqual([]);
  expect(warned(["wipe"], null)).toEqual([RECALL]);
});
