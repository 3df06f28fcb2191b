import { DELETE_CAUTIONS, RETIRE_CAUTIONS, WIPE_CAUTIONS } from "./action-cautions.ts";
import { APPLE_MOBILE, COMMON, intune, NOT_IN_US_GOVERNMENT, parameters, reference, text, WRITE_PERMISSION } from "./action-defaults.ts";
import type { RemoteAction } from "./remote-action.ts";

const EVERYWHERE = [...APPLE_MOBILE, "macOS", "tvOS", "visionOS", "Android", "Windows"] as const;

/**
 * Tenant-wide limits of a day:
 * https://learn.microsoft.com/intune/device-management/actions/#daily-tenant-limits
 */
const DAILY = { wipe: 500, retire: 1000, delete: 1000 } as const;

/** The note below "Execute a remote device action". */
const TAKES_PRECEDENCE = intune("device-management/actions/#execute-a-remote-device-action-from-the-intune-admin-center");

/** Actions that erase a device or take it out of management. */
export const REMOVAL_ACTIONS: readonly RemoteAction[] = [
  {
    ...COMMON,
    name: "wipe",
    title: "Erase the device",
    platforms: [...EVERYWHERE, "ChromeOS"],
    minimumOs: { tvOS: "10.2", visionOS: "1.1" },
    parameters: parameters({
      keepEnrollmentData: { type: "boolean", description: "Stay enrolled after the reset (Windows only)" },
      keepUserData: { type: "boolean", description: "Keep the user's data (Windows only)" },
      persistEsimDataPlan: { type: "boolean", description: "Keep the eSIM data plan (iOS, iPadOS and Android)" },
      useProtectedWipe: {
        type: "boolean",
        description: "Go on even when the device loses power; may leave it unable to start (Windows only)",
      },
      obliterationBehavior: {
        type: "string",
        enum: ["default", "doNotObliterate", "obliterateWithWarning", "always"],
        description: "What a Mac does when Erase All Content and Settings fails (macOS only)",
        examples: ["default"],
      },
    }),
    betaParameters: ["useProtectedWipe", "obliterationBehavior"],
    parameterPlatforms: {
      keepEnrollmentData: ["Windows"],
      keepUserData: ["Windows"],
      persistEsimDataPlan: [...APPLE_MOBILE, "Android"],
      useProtectedWipe: ["Windows"],
      obliterationBehavior: ["macOS"],
    },
    destroysData: true,
    erasesOwner: true,
    dailyQuota: DAILY.wipe,
    multiAdminApproval: true,
    result: {
      kind: "reported",
      // An Autopilot Reset is a wipe that keeps the enrolment and not the user's data.
      names: ["wipe", "factoryReset", "factoryResetKeepEnrollmentData", "automaticRedeployment", "eraseDevice"],
      managementStates: { wipePending: "pending", wipeIssued: "active", wipeFailed: "failed", wipeCanceled: "canceled" },
      goneIsSuccess: true,
    },
    demands: ["dataLoss"],
    takesPrecedence: TAKES_PRECEDENCE,
    cautions: WIPE_CAUTIONS,
    source: reference("wipe"),
    requirements: intune("device-management/actions/wipe"),
  },
  {
    ...COMMON,
    name: "retire",
    title: "Remove company data and management",
    platforms: EVERYWHERE,
    destroysData: true,
    dailyQuota: DAILY.retire,
    multiAdminApproval: true,
    result: {
      kind: "reported",
      names: ["retire", "removeCompanyData"],
      managementStates: { retirePending: "pending", retireIssued: "active", retireFailed: "failed", retireCanceled: "canceled" },
      goneIsSuccess: true,
    },
    demands: ["dataLoss"],
    takesPrecedence: TAKES_PRECEDENCE,
    cautions: RETIRE_CAUTIONS,
    source: reference("retire"),
    requirements: intune("device-management/actions/retire"),
  },
  {
    ...COMMON,
    // Intune hides the device at once and retires it; a corporate Android is wiped.
    name: "delete",
    title: "Remove the device from Intune, which retires it, or wipes a corporate Android",
    method: "DELETE",
    platforms: EVERYWHERE,
    destroysData: true,
    erasesOwner: true,
    permission: WRITE_PERMISSION,
    dailyQuota: DAILY.delete,
    multiAdminApproval: true,
    result: { kind: "reported", names: ["delete"], managementStates: { deletePending: "pending" }, goneIsSuccess: true },
    demands: ["dataLoss"],
    takesPrecedence: TAKES_PRECEDENCE,
    cautions: DELETE_CAUTIONS,
    source: reference("delete"),
    requirements: intune("device-management/actions/delete"),
  },
  {
    ...COMMON,
    name: "cleanWindowsDevice",
    title: "Fresh Start: reinstall Windows without the manufacturer's apps",
    platforms: ["Windows"],
    parameters: parameters(
      {
        keepUserData: {
          type: "boolean",
          description: "Keep the user's home folder and the enrolment; without them the device starts as new",
          examples: [true],
        },
      },
      ["keepUserData"],
    ),
    destroysData: true,
    erasesOwner: true,
    result: { kind: "reported", names: ["cleanWindowsDevice"], goneIsSuccess: true },
    demands: ["dataLoss"],
    source: reference("cleanwindowsdevice"),
    requirements: intune("device-management/actions/fresh-start"),
  },
  {
    ...COMMON,
    // Treated like a retire: only a factory reset brings the device back under management.
    name: "deprovision",
    title: "Remove Google Admin policies from a ChromeOS device for good",
    version: "beta",
    platforms: ["ChromeOS"],
    parameters: parameters({ deprovisionReason: text("Why, in the words of the Google Admin console", "retiring_device", 200) }, [
      "deprovisionReason",
    ]),
    clouds: NOT_IN_US_GOVERNMENT,
    destroysData: true,
    result: { kind: "reported", names: ["deprovision"] },
    demands: ["dataLoss"],
    source: reference("deprovision"),
    requirements: intune("device-management/actions/deprovision"),
  },
];
