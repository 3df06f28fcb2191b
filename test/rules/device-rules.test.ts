import { describe, expect, test } from "@jest/globals";
import type { ACKNOWLEDGEMENTS } from "../../providers/domain/actions/action-table.ts";
import type { CloudName } from "../../providers/domain/cloud-name.ts";
import { describeDevice, type ManagedDevice } from "../../providers/domain/managed-device.ts";
import { compareVersions } from "../../providers/rules/versions.ts";
import { ANDROID, IPAD, MAC, UNSUPERVISED_IPAD, WINDOWS } from "../support/fakes-devices.ts";
import { jobOf, lifecycleRequest, type StepText } from "../support/fakes-requests.ts";
import { checkDevice } from "../support/fakes-rules.ts";

const KEEP_USER_DATA = { action: "wipe", parameters: { keepUserData: true } };
const KEEP_ESIM = { action: "wipe", parameters: { persistEsimDataPlan: true } };
const PERSONAL = { managedDeviceOwnerType: "personal" };

interface Row {
  readonly name: string;
  readonly steps: readonly StepText[];
  readonly device: ManagedDevice;
  readonly acknowledge?: readonly (typeof ACKNOWLEDGEMENTS)[number][];
  /** The part of the plan that is still to come; all of it unless said. */
  readonly from?: number;
  /** The global one unless said. */
  readonly cloud?: CloudName;
  readonly codes: readonly string[];
}

const ROWS: readonly Row[] = [
  { name: "unlock and wipe on a supervised iPad", steps: ["escrowBypassCode", "bypassActivationLock", "wipe"], device: IPAD, codes: [] },
  { name: "a wipe without escrow on a supervised iPad", steps: ["wipe"], device: IPAD, codes: ["DLR306"] },
  { name: "a retire without escrow on a supervised iPad", steps: ["retire"], device: IPAD, codes: ["DLR306"] },
  { name: "escrow behind the wipe", steps: ["wipe", "escrowBypassCode"], device: IPAD, codes: ["DLR306"] },
  { name: "a wipe whose plan escrowed before", steps: ["escrowBypassCode", "wipe"], device: IPAD, from: 1, codes: [] },
  {
    name: "a wipe of a device whose supervision nobody knows",
    steps: ["wipe"],
    device: { ...IPAD, isSupervised: null },
    codes: ["DLR306"],
  },
  { name: "a wipe without escrow of an unsupervised iPad", steps: ["wipe"], device: UNSUPERVISED_IPAD, codes: [] },
  { name: "a wipe without escrow of an Android phone", steps: ["wipe"], device: ANDROID, codes: [] },
  { name: "a wipe without escrow of a supervised Mac", steps: ["wipe"], device: MAC, codes: ["DLR306"] },
  {
    name: "a wipe without escrow of a Mac of Automated Device Enrolment",
    steps: ["wipe"],
    device: { ...MAC, isSupervised: false },
    codes: ["DLR306"],
  },
  {
    name: "a wipe without escrow of a Mac that a person enrolled",
    steps: ["wipe"],
    device: { ...MAC, isSupervised: false, deviceEnrollmentType: "userEnrollment" },
    codes: [],
  },
  ...["unknown", "unknownFutureValue"].map((deviceEnrollmentType) => ({
    name: `a wipe without escrow of a Mac whose enrolment is ${deviceEnrollmentType}`,
    steps: ["wipe"],
    device: { ...MAC, isSupervised: null, deviceEnrollmentType },
    codes: ["DLR306"],
  })),
  { name: "bypass on an unsupervised iPad", steps: ["bypassActivationLock"], device: UNSUPERVISED_IPAD, codes: ["DLR305"] },
  { name: "bypass on Windows", steps: ["bypassActivationLock"], device: WINDOWS, codes: ["DLR303"] },
  { name: "a passcode reset on Windows", steps: ["resetPasscode"], device: WINDOWS, codes: ["DLR303"] },
  { name: "a remote lock on Windows", steps: ["remoteLock"], device: WINDOWS, codes: ["DLR303"] },
  { name: "sync on Linux", steps: ["syncDevice"], device: { ...WINDOWS, operatingSystem: "Linux (ubuntu)" }, codes: ["DLR303"] },
  { name: "a system that no rule knows", steps: ["syncDevice"], device: { ...WINDOWS, operatingSystem: "Plan 9" }, codes: ["DLR303"] },
  { name: "no system at all", steps: ["wipe"], device: { ...IPAD, operatingSystem: null }, codes: ["DLR303"] },
  { name: "an iPad that says iOS", steps: ["resetPasscode"], device: { ...IPAD, operatingSystem: "iOS" }, codes: [] },
  { name: "keepUserData on Windows", steps: [KEEP_USER_DATA], device: WINDOWS, codes: [] },
  { name: "keepUserData on Android", steps: [KEEP_USER_DATA], device: ANDROID, codes: ["DLR303"] },
  { name: "keepUserData on an iPad", steps: ["escrowBypassCode", KEEP_USER_DATA], device: IPAD, codes: ["DLR303"] },
  { name: "persistEsimDataPlan on an iPad", steps: ["escrowBypassCode", KEEP_ESIM], device: IPAD, codes: [] },
  { name: "a wipe of a personal device", steps: ["wipe"], device: { ...ANDROID, ...PERSONAL }, codes: ["DLR307"] },
  { name: "a wipe of a device of unknown owner", steps: ["wipe"], device: { ...ANDROID, managedDeviceOwnerType: null }, codes: ["DLR307"] },
  {
    name: "a wipe of a personal device, acknowledged",
    steps: ["wipe"],
    device: { ...ANDROID, ...PERSONAL },
    acknowledge: ["personalDevice"],
    codes: [],
  },
  { name: "a retire of a personal device", steps: ["retire"], device: { ...ANDROID, ...PERSONAL }, codes: [] },
  {
    name: "every mistake at once",
    steps: ["bypassActivationLock", "wipe"],
    device: { ...UNSUPERVISED_IPAD, ...PERSONAL },
    codes: ["DLR305", "DLR307"],
  },
  { name: "steps of the past", steps: ["bypassActivationLock", "syncDevice"], device: UNSUPERVISED_IPAD, from: 1, codes: [] },
];

describe("the rules that need the device", () => {
  test.each(ROWS)("$name: $codes", ({ steps, device, acknowledge = [], from = 0, cloud = "global", codes }) => {
    const { plan } = jobOf(lifecycleRequest(steps));

    const violations = checkDevice(plan, device, { steps: plan.steps.slice(from), acknowledge, cloud });

    expect(violations.map(({ code }) => code)).toEqual(codes);
  });

  test("a violation names the device, and what to write instead", () => {
    const { plan } = jobOf(lifecycleRequest(["wipe"]));

    const [violation] = checkDevice(plan, IPAD);

    expect(violation?.message).toContain(describeDevice(IPAD));
    expect(violation?.hint).toContain("escrowBypassCode");
  });
});

describe("versions", () => {
  test.each([
    ["17.4", "17.4", 0],
    ["17.4", "17.4.0", 0],
    ["17.4.1", "17.4", 1],
    ["9.3.6", "10.0", -1],
    ["10.0.26100.2314", "10.0.9", 1],
    ["14.4 (23E214)", "14.4.1", -1],
    ["14.4.1 (23E224)", "14.4.1", 0],
    ["Android 14", "15", -1],
    ["Android 15", "14", 1],
    ["", "1", -1],
    ["unknown", "0", 0],
  ])("%j against %j: %i", (a, b, expected) => {
    expect(Math.sign(compareVersions(a, b))).toBe(expected);
    expect(Math.sign(compareVersions(b, a))).toBe(expected === 0 ? 0 : -expected);
  });
});

test("a device is described by name, serial number and id, as far as they are known", () => {
  expect(describeDevice(IPAD)).toBe(`Leeds iPad 0042 (serial DMPXK2ABCDEF, id ${IPAD.id})`);
  expect(describeDevice({ ...IPAD, deviceName: null, serialNumber: null })).toBe(`device without a name (serial unknown, id ${IPAD.id})`);
});
