import {
  COMMON,
  intune,
  NOT_IN_CHINA,
  NOT_IN_US_GOVERNMENT,
  parameters,
  reference,
  reported,
  text,
  UNREPORTED,
} from "./action-defaults.ts";
import type { RemoteAction } from "./remote-action.ts";

/** There is no Chrome Enterprise connector in the clouds of the US Government. */
const CHROME = {
  ...COMMON,
  version: "beta",
  platforms: ["ChromeOS"],
  clouds: NOT_IN_US_GOVERNMENT,
} as const satisfies Partial<RemoteAction>;

/** What needs Android Enterprise needs Google's services, which China does not have. */
const ANDROID = { ...COMMON, version: "beta", platforms: ["Android"], clouds: NOT_IN_CHINA } as const satisfies Partial<RemoteAction>;

/** Actions for ChromeOS and for Android alone. */
export const CHROME_AND_ANDROID_ACTIONS: readonly RemoteAction[] = [
  {
    ...CHROME,
    name: "disable",
    title: "Disable a lost ChromeOS device",
    locksOut: true,
    repeatable: true,
    result: reported("disable"),
    source: reference("disable"),
    requirements: intune("device-management/actions/lost-mode"),
  },
  {
    ...CHROME,
    name: "reenable",
    title: "Enable a disabled ChromeOS device again",
    repeatable: true,
    result: reported("reenable"),
    source: reference("reenable"),
    requirements: intune("device-management/actions/lost-mode"),
  },
  {
    ...ANDROID,
    name: "suspendManagedHomeScreen",
    title: "Suspend the Managed Home Screen",
    parameters: parameters({
      timeoutMinutes: { type: "string", pattern: "^[1-9]\\d{0,4}$", description: "For how many minutes", examples: ["30"] },
    }),
    repeatable: true,
    result: reported("suspendManagedHomeScreen"),
    source: reference("suspendmanagedhomescreen"),
    requirements: intune("device-management/actions/suspend-managed-home-screen"),
  },
  {
    ...ANDROID,
    name: "restoreManagedHomeScreen",
    title: "Restore the Managed Home Screen",
    repeatable: true,
    result: reported("restoreManagedHomeScreen"),
    source: reference("restoremanagedhomescreen"),
    requirements: intune("device-management/actions/restore-managed-home-screen"),
  },
  {
    ...ANDROID,
    // A corporate device with a work profile needs Android 17; enrolment types are not told apart
    // here.
    name: "removeDeviceEsim",
    title: "Remove a cellular plan from the eSIM",
    minimumOs: { Android: "15" },
    parameters: parameters(
      {
        iccId: {
          ...text("ICCID of the eSIM, from the device's hardware inventory", "89441000300000000001", 22),
          pattern: "^[0-9]{17,21}[0-9Ff]$",
        },
      },
      ["iccId"],
    ),
    ofOneDevice: ["iccId"],
    result: UNREPORTED,
    source: reference("removedeviceesim"),
    requirements: intune("device-management/actions/update-cellular-data-plan"),
  },
];
