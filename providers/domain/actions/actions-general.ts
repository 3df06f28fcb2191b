import { NAME_CAUTIONS, NOTIFICATION_CAUTIONS, PASSCODE_CAUTIONS, RESTART_CAUTIONS } from "./action-cautions.ts";
import {
  APPLE_MOBILE,
  COMMON,
  intune,
  NOT_IN_US_GOVERNMENT,
  parameters,
  reference,
  reported,
  text,
  UNREPORTED,
  WRITE_PERMISSION,
} from "./action-defaults.ts";
import type { RemoteAction } from "./remote-action.ts";

/** Actions of several families of platforms. */
export const GENERAL_ACTIONS: readonly RemoteAction[] = [
  {
    ...COMMON,
    name: "syncDevice",
    title: "Ask the device to check in",
    platforms: [...APPLE_MOBILE, "macOS", "tvOS", "visionOS", "Android", "Windows"],
    repeatable: true,
    result: UNREPORTED,
    source: reference("syncdevice"),
    requirements: intune("device-management/actions/sync"),
  },
  {
    ...COMMON,
    // A Mac takes a PIN to unlock, and must not be locked again before it is used.
    name: "remoteLock",
    title: "Lock the screen",
    platforms: [...APPLE_MOBILE, "macOS", "visionOS", "Android"],
    minimumOs: { visionOS: "2.0" },
    locksOut: true,
    result: {
      kind: "reported",
      names: ["remoteLock", "deviceLock"],
    },
    source: reference("remotelock"),
    requirements: intune("device-management/actions/remote-lock"),
  },
  {
    ...COMMON,
    // An Android gets a new passcode, which its user does not know.
    name: "resetPasscode",
    title: "Remove or reset the passcode",
    platforms: [...APPLE_MOBILE, "visionOS", "Android"],
    locksOut: true,
    result: {
      kind: "reported",
      names: ["resetPasscode"],
    },
    cautions: PASSCODE_CAUTIONS,
    source: reference("resetpasscode"),
    requirements: intune("device-management/actions/"),
  },
  {
    ...COMMON,
    name: "rebootNow",
    title: "Restart the device",
    platforms: [...APPLE_MOBILE, "macOS", "tvOS", "Android", "Windows", "ChromeOS"],
    minimumOs: { tvOS: "10.2" },
    supervisedOn: [...APPLE_MOBILE, "tvOS"],
    result: reported("rebootNow"),
    cautions: RESTART_CAUTIONS,
    source: reference("rebootnow"),
    requirements: intune("device-management/actions/restart"),
  },
  {
    ...COMMON,
    name: "shutDown",
    title: "Switch the device off",
    platforms: [...APPLE_MOBILE, "macOS"],
    supervisedOn: APPLE_MOBILE,
    result: reported("shutDown"),
    source: reference("shutdown"),
    requirements: intune("device-management/actions/shutdown"),
  },
  {
    ...COMMON,
    name: "setDeviceName",
    title: "Rename the device",
    version: "beta",
    platforms: [...APPLE_MOBILE, "macOS", "Android", "Windows"],
    supervisedOn: APPLE_MOBILE,
    parameters: parameters(
      {
        deviceName: {
          type: "string",
          pattern: "^(?=.*[A-Za-z-])(?:[A-Za-z0-9-]|\\{\\{ *[sS]erial[nN]umber *\\}\\})+$",
          maxLength: 63,
          description:
            "At most 63 letters, digits and hyphens, not digits alone: what every platform takes. {{serialnumber}} stands for the device's",
          examples: ["LEEDS-LT-0301"],
        },
      },
      ["deviceName"],
    ),
    ofOneDevice: ["deviceName"],
    repeatable: true,
    result: reported("setDeviceName"),
    cautions: NAME_CAUTIONS,
    source: reference("setdevicename"),
    requirements: intune("device-management/actions/rename"),
  },
  {
    ...COMMON,
    name: "rotateLocalAdminPassword",
    title: "Make a new password of the local administrator",
    version: "beta",
    platforms: ["macOS", "Windows"],
    supervisedOn: ["macOS"],
    repeatable: true,
    result: reported("rotateLocalAdminPassword"),
    source: reference("rotatelocaladminpassword"),
    requirements: intune("device-management/actions/rotate-local-admin-password"),
  },
  {
    ...COMMON,
    // Intune does not follow what it sent, and nobody wants to read it twice.
    name: "sendCustomNotificationToCompanyPortal",
    title: "Send a notification to the Company Portal",
    version: "beta",
    platforms: [...APPLE_MOBILE, "Android"],
    parameters: parameters(
      {
        notificationTitle: text("At most 50 characters", "Please bring it back", 50),
        notificationBody: text("At most 500 characters; other apps may read it", "The loan ends on Friday.", 500),
      },
      ["notificationTitle", "notificationBody"],
    ),
    permission: WRITE_PERMISSION,
    result: UNREPORTED,
    cautions: NOTIFICATION_CAUTIONS,
    source: reference("sendcustomnotificationtocompanyportal"),
    requirements: intune("device-management/actions/send-custom-notification"),
  },
  {
    ...COMMON,
    // An activation code (LPA:1$…) is good for one use, and a secret: only the server's address is
    // let through.
    name: "activateDeviceEsim",
    title: "Activate a cellular plan on the eSIM",
    version: "beta",
    platforms: [...APPLE_MOBILE, "Android"],
    minimumOs: { Android: "15" },
    parameters: parameters(
      {
        carrierUrl: {
          ...text(
            "The address of the carrier's activation server, without an activation code",
            "https://esim.carrier.example/activate",
            2048,
          ),
          pattern: "^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?$",
        },
      },
      ["carrierUrl"],
    ),
    result: reported("activateDeviceEsim"),
    source: reference("activatedeviceesim"),
    requirements: intune("device-management/actions/update-cellular-data-plan"),
  },
  {
    ...COMMON,
    name: "requestRemoteAssistance",
    title: "Ask for a remote assistance session",
    platforms: [...APPLE_MOBILE, "macOS", "Android", "Windows"],
    clouds: NOT_IN_US_GOVERNMENT,
    permission: WRITE_PERMISSION,
    result: UNREPORTED,
    source: reference("requestremoteassistance"),
    requirements: intune("device-management/actions/remote-assist"),
  },
];
